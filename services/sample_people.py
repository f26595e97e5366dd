"""Who is in the demo, and what the fund covers there; nobody in it exists. The Arabic is that of Moroccan usage."""

from __future__ import annotations

from dataclasses import dataclass

from kit.language import Language


@dataclass(frozen=True, slots=True)
class Relative:
    """A spouse or a child."""

    relation: str
    last_name: str
    first_name: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Person:
    """A participant of the demo; `lines` is how many reimbursements are drawn, `likes` the acts that come up most;
    `planned` are lines of their own on top: the day of payment and the act."""

    matricule: str
    last_name: str
    first_name: str
    last_name_ar: str
    first_name_ar: str
    birth_date: str
    email: str
    phone: str
    language: Language
    family: tuple[Relative, ...] = ()
    lines: int = 0
    likes: tuple[str, ...] = ()
    planned: tuple[tuple[str, str], ...] = ()
    left_on: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its guarantee, and what it costs in dirhams, from, to. `scheme` is the share that the mandatory scheme pays, in percent;
    `ages` whom it is for; one of no weight comes up only where it is planned."""

    code: str
    label_fr: str
    label_ar: str
    rate: int
    ceiling: int | None
    period: str
    cost: tuple[int, int]
    scheme: int = 0
    weight: int = 4
    ages: tuple[int, int] = (0, 120)


ACTS = (
    Act(
        "CONS-GEN",
        "Consultation de médecin généraliste",
        "استشارة طبيب عام",
        80,
        200,
        "act",
        (150, 250),
        weight=12,
    ),
    Act(
        "CONS-SPE",
        "Consultation de médecin spécialiste",
        "استشارة طبيب اختصاصي",
        80,
        400,
        "act",
        (250, 450),
        weight=10,
    ),
    Act("PHARM", "Médicaments", "أدوية", 80, None, "act", (40, 900), weight=16),
    Act("ANALYSES", "Analyses de biologie médicale", "تحاليل طبية", 80, None, "act", (120, 1400), weight=8),
    Act(
        "RADIO",
        "Radiologie et imagerie médicale",
        "الفحص بالأشعة والتصوير الطبي",
        80,
        None,
        "act",
        (200, 2200),
        weight=6,
    ),
    Act("SOINS-INF", "Soins infirmiers", "علاجات تمريضية", 80, 1500, "year", (60, 300), weight=3),
    Act("KINE", "Kinésithérapie", "الترويض الطبي", 80, 4000, "year", (900, 3000), ages=(12, 120)),
    Act("ORTHOPHONIE", "Orthophonie", "تقويم النطق", 80, 3000, "year", (600, 2000), weight=1, ages=(4, 15)),
    Act("VACCIN", "Vaccination", "التلقيح", 100, 1200, "year", (90, 800)),
    Act(
        "OPT-MONTURE",
        "Monture de lunettes",
        "إطار النظارات",
        100,
        800,
        "two_years",
        (400, 1600),
        weight=2,
        ages=(5, 120),
    ),
    Act(
        "OPT-VERRES",
        "Verres correcteurs",
        "عدسات طبية مصححة للنظر",
        80,
        2000,
        "year",
        (500, 2600),
        weight=2,
        ages=(5, 120),
    ),
    Act(
        "DENT-SOINS",
        "Soins dentaires",
        "علاجات الأسنان",
        80,
        3000,
        "year",
        (200, 1500),
        weight=6,
        ages=(4, 120),
    ),
    Act(
        "DENT-PROTHESE",
        "Prothèse dentaire",
        "تركيب الأسنان الاصطناعية",
        70,
        6000,
        "two_years",
        (1500, 7000),
        weight=2,
        ages=(30, 120),
    ),
    Act(
        "DENT-ORTHO",
        "Orthodontie (moins de 16 ans)",
        "تقويم الأسنان (لمن هم دون 16 سنة)",
        70,
        9000,
        "lifetime",
        (3000, 9000),
        weight=1,
        ages=(8, 16),
    ),
    Act(
        "HOSP-MED",
        "Hospitalisation médicale",
        "الاستشفاء الطبي",
        90,
        None,
        "act",
        (3000, 14000),
        scheme=65,
        weight=1,
    ),
    Act(
        "HOSP-CHIR",
        "Hospitalisation chirurgicale",
        "الاستشفاء الجراحي",
        90,
        None,
        "act",
        (6000, 28000),
        scheme=65,
        weight=1,
    ),
    Act(
        "MATERNITE",
        "Maternité (forfait accouchement)",
        "الأمومة (مبلغ جزافي عن الولادة)",
        100,
        5000,
        "act",
        (4000, 9000),
        scheme=50,
        weight=0,
    ),
    Act(
        "ALD",
        "Soins liés à une affection de longue durée",
        "علاجات الأمراض طويلة الأمد",
        100,
        None,
        "act",
        (300, 3500),
        scheme=70,
        weight=1,
        ages=(40, 120),
    ),
    Act("AUDIO", "Appareil auditif", "جهاز تقوية السمع", 80, 6000, "two_years", (3500, 9000), weight=0),
    Act("AMBULANCE", "Transport en ambulance", "النقل بسيارة الإسعاف", 80, 1000, "act", (250, 900), weight=1),
)

PEOPLE = (
    Person(
        "104827",
        "El Ouaïssi",
        "Salma",
        "الوعيسي",
        "سلمى",
        "1984-03-14",
        "salma.elouaissi@example.com",
        "0661204827",
        "ar",
        (
            Relative("spouse", "Tazi", "Karim", "1981-09-30"),
            Relative("child", "Tazi", "Inès", "2011-05-17"),
            Relative("child", "Tazi", "Adam", "2016-10-02"),
        ),
        lines=124,
        likes=("CONS-SPE", "PHARM", "DENT-SOINS", "OPT-VERRES"),
    ),
    Person(
        "118305",
        "Benjelloun Touimi",
        "Youssef",
        "بنجلون التويمي",
        "يوسف",
        "1976-11-02",
        "y.benjelloun@example.com",
        "0662118305",
        "fr",
        (
            Relative("spouse", "Lahlou", "Ghita", "1980-01-21"),
            Relative("child", "Benjelloun Touimi", "Yasmine", "2006-08-09"),
            Relative("child", "Benjelloun Touimi", "Mehdi", "2010-12-28"),
            Relative("child", "Benjelloun Touimi", "Sofia", "2018-04-05"),
        ),
        lines=58,
        likes=("VACCIN", "DENT-ORTHO", "RADIO"),
    ),
    Person(
        "120944",
        "Aït Lahcen",
        "Fatima-Zahra",
        "آيت لحسن",
        "فاطمة الزهراء",
        "1990-07-25",
        "fz.aitlahcen@example.com",
        "0663120944",
        "ar",
        (Relative("child", "Chraïbi", "Rayane", "2024-06-11"),),
        lines=37,
        likes=("VACCIN", "ANALYSES"),
        planned=(("2024-07-10", "MATERNITE"),),
    ),
    Person(
        "97613",
        "N'Gadi",
        "Abdelkader",
        "النكادي",
        "عبد القادر",
        "1958-01-09",
        "abdelkader.ngadi@example.com",
        "0522097613",
        "fr",
        (Relative("spouse", "M'Rabet", "Khadija", "1963-02-18"),),
        lines=46,
        likes=("ALD", "KINE", "SOINS-INF", "DENT-PROTHESE"),
        planned=(("2026-03-10", "AUDIO"),),
    ),
    Person(
        "131270",
        "Ben Abdallah",
        "Hind",
        "بن عبد الله",
        "هند",
        "1995-12-31",
        "hind.benabdallah@example.com",
        "0664131270",
        "ar",
    ),
    Person(
        "126058",
        "El-Fassi Fihri",
        "Mohammed Amine",
        "الفاسي الفهري",
        "محمد أمين",
        "1988-02-29",
        "amine.elfassi@example.com",
        "+212 665 126058",
        "fr",
        (
            Relative("spouse", "D'Khissi", "Zineb", "1991-06-03"),
            Relative("child", "El-Fassi Fihri", "Lina", "2020-11-13"),
        ),
        lines=21,
        likes=("KINE", "CONS-GEN"),
    ),
    Person(
        "88241",
        "Ouazzani",
        "Rachida",
        "الوزاني",
        "رشيدة",
        "1960-05-06",
        "",
        "",
        "ar",
        lines=9,
        likes=("PHARM",),
        left_on="2025-12-31",
    ),
)
