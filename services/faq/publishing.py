"""An agent's change of the content is published, or taken back: at once for everybody, noted with who and when."""

from __future__ import annotations

from services import desk_log
from services.faq import effects
from services.faq.effects import Edit
from services.work import Work
from store import faq, faq_edits, faq_questions
from store.agents import Agent
from store.faq import AGENT, Topic
from store.faq_edits import Published
from store.faq_questions import DONE, WAITING, Question

UNDOABLE = 5  # of the latest edits
DROP = "drop"  # the edit that changes nothing: the question was seen to


def publish(work: Work, agent: Agent, question: Question, edit: Edit) -> None:
    """Put an edit in force; the question that gave rise to it is done."""
    faq.step(work.db)
    _apply(work, edit)
    faq_edits.add(work.db, agent.telegram_id, question.id, edit.kind, effects.as_kept(edit), work.now)
    faq_questions.set_state(work.db, question.id, DONE)
    desk_log.note(work, agent.telegram_id, f"faq_{edit.kind}", question.id)


def drop(work: Work, agent: Agent, question: Question) -> None:
    """The question is done without any change."""
    faq_edits.add(work.db, agent.telegram_id, question.id, DROP, {"text": question.text}, work.now)
    faq_questions.set_state(work.db, question.id, DONE)
    desk_log.note(work, agent.telegram_id, "faq_drop", question.id)


def latest(work: Work) -> list[Published]:
    """The edits that can be taken back, the latest first."""
    return faq_edits.last(work.db, UNDOABLE)


def undo(work: Work, agent: Agent, published: Published) -> bool:
    """Take an edit back, and put its question back into the queue; False when somebody was quicker."""
    if not faq_edits.undo(work.db, published, agent.telegram_id, work.now):
        return False
    if published.kind != DROP:
        _revert(work, effects.as_read(published.edit))
        faq.step(work.db)
    if published.question_id is not None:
        faq_questions.set_state(work.db, published.question_id, WAITING)
    desk_log.note(work, agent.telegram_id, "faq_undo", published.id)
    return True


def _apply(work: Work, edit: Edit) -> None:
    match edit.kind:
        case "phrasing":
            faq.add_phrasing(work.db, edit.at, AGENT, edit.text)
        case "word":
            faq.add_word(work.db, edit.at, edit.text)
        case "negative":
            faq.add_negative(work.db, edit.text)
        case "topic":
            assert edit.said is not None
            title_fr, title_ar, answer_fr, answer_ar = edit.said
            titles, answers = {"fr": title_fr, "ar": title_ar}, {"fr": answer_fr, "ar": answer_ar}
            last = max((topic.place for topic in faq.topics(work.db)), default=0)
            faq.put_topics(work.db, [Topic(edit.at, None, last + 1, AGENT, titles, answers)])  # type: ignore[arg-type]
            faq.add_phrasing(work.db, edit.at, AGENT, edit.text)


def _revert(work: Work, edit: Edit) -> None:
    match edit.kind:
        case "phrasing":
            faq.drop_phrasing(work.db, edit.at, edit.text)
        case "word":
            faq.drop_word(work.db, edit.at, edit.text)
        case "negative":
            faq.drop_negative(work.db, edit.text)
        case "topic":
            faq.drop_phrasing(work.db, edit.at, edit.text)
            faq.drop_topics(work.db, [edit.at])
