"""A danger to somebody's life is seen before any topic, in all writings; calm questions in the same words get their answer."""

from __future__ import annotations

import pytest

from services.faq.emergencies import is_emergency
from services.faq.folding import words

CRIES = """
j'ai très mal à la poitrine
mon père a une douleur dans la poitrine et au bras gauche
mon mari ne respire plus
je veux mourir
j'ai envie de me suicider
je pense au suicide
je n'ai plus envie de vivre
il y a eu un accident devant chez moi, deux blessés
je viens d'avoir un accident de voiture
ma mère a perdu connaissance
elle saigne beaucoup
mon fils a avalé de la javel
mon bébé s'étouffe
appelez une ambulance vite
crise cardiaque que faire
mon oncle fait un AVC
au secours aidez moi
ma femme a perdu les eaux
il est tombé du toit il ne bouge plus
mon enfant a des convulsions
ألم شديد في الصدر
أشعر بألم في صدري
أبي فقد الوعي
أريد أن أموت
أفكر في الانتحار
وقع حادث سير هنا
ابني ينزف كثيرا
زوجتي لا تتنفس
ابنتي ابتلعت السم
لا أستطيع التنفس
سكتة قلبية
اتصلوا بالإسعاف
أمي مغمى عليها
قلبي كيضرني بزاف
صدري مزير عليا
الواليد سخف
بغيت نموت
بغيت نقتل راسي
درت كسيدة
الدم ما بغاش يحبس
ما كيتنفسش
عتقوني
الدري شرب جافيل
جاتو كريز كاردياك
عيطو للابيلانس
خويا غيب ومابغاش يفيق
ضرباتو طوموبيل
bghit nmout
bghit n9tel rasi
kayderni sedri bzaf
9elbi kaydrni
lwalid skhef
dert ksida
ddem mabghach yhbes
makaytnefesch
3te9ouni
chreb javel
lwalida ghayba 3la lwa3y
3eyto l lambulance
kanfeker f lmout
drbato tomobil
mabqitch baghi n3ich
الوليد مابقاش كيتنفس
مرا مابقاتش قادرة تنفس
ما بقيتش كنتنفس مزيان
مابقيتش باغي نعيش
ما بقيتش باغا الحياة
مابقيتش قادر نتحمل
لم أعد أريد أن أعيش
لم أعد أرغب في العيش
ma b9itch baghi n3ich
"""
CALM = """
urgence dentaire remboursée ?
l'ambulance est-elle remboursée
comment déclarer un accident de travail
j'ai eu un accident l'année dernière, mon dossier est rejeté
l'infarctus fait-il partie des ald
accident de la route, quel formulaire
mon dossier est urgent
c'est urgent mon remboursement
je meurs de rire
mal aux dents
mon compte est bloqué
j'ai mal à la tête
capital décès suicide couvert ?
combien coûte l'ambulance
mon mot de passe est mort
le site ne répond plus
personne ne répond plus au téléphone
je me tue à vous dire que je n'ai rien reçu
prise en charge avc
accident domestique pris en charge ?
le décès de mon mari, que faire
هل تعوضون مصاريف الإسعاف
هل الحادث مشمول بالتغطية
تعويض عن حادثة سير
كيف أصرح بوفاة
عاجل أريد تعويضاتي
هل النزيف من الأمراض المزمنة في اللائحة
حالة ملفي
مابقيتش قادر ندخل نسيت كلشي
الكود ديالي مابقاش خدام
لاكارط مابقاتش عندي
مابقيتش قادر نتحمل هاد التعطيل ديال التعويض
كسيدة ديال الخدمة كيفاش نصرحو بيها
واش لابيلانس كتعوضوها
مستعجل بغيت فلوسي
الضرسة كتضرني
واش الجلطة داخلة فلائحة ALD
قتلتوني بالتسنا
راسي كيضرني شنو ندير
lambulance wach katremboursiwha
ksida dyal lkhdma kifach nsarreh biha
dersti katderni
wach avc f la liste ald
mosta3jal bghit flousi
rasi kaydrni
mat lwalid, kifach ndir l capital
qteltouni b tsenna
mon fils ne respire que par la bouche, quel remboursement pour l'opération ?
"""


@pytest.mark.parametrize("text", CRIES.strip().splitlines())
def test_a_cry_for_help(text: str) -> None:
    assert is_emergency(words(text))


@pytest.mark.parametrize("text", CALM.strip().splitlines())
def test_a_calm_question(text: str) -> None:
    assert not is_emergency(words(text))
