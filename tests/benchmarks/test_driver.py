"""The benchmark's driver sees what contenders do: what they answer, what they lose, what they say twice."""

import pytest

from benchmarks.registration.contract import DONE, QUESTIONS
from benchmarks.registration.crowd import Plan
from benchmarks.registration.driver import ContenderFailed, Setup, measure
from benchmarks.registration.updates import ANSWERS
from tests.benchmarks import forgetful_bot, stammering_bot, unwilling_bot

CONVERSATIONS = 3
PLAN = Plan(chats=2, conversations=CONVERSATIONS, seconds=20.0)
CALLS_A_CONVERSATION = ANSWERS + 2  # a screen each, the deleted password, the acknowledged press


async def test_people_register_with_a_peer_and_the_figures_are_plausible() -> None:
    figures = await measure(Setup("aiogram_bot", warmup=1), PLAN)

    assert figures.transcript == [*QUESTIONS, DONE]
    assert (figures.conversations, figures.updates) == (CONVERSATIONS, CONVERSATIONS * ANSWERS)
    assert (figures.lost, figures.late, figures.duplicates, figures.refused, figures.astray) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert 0 < figures.ack_p50_ms <= figures.ack_p99_ms
    assert 0 < figures.reply_p50_ms <= figures.reply_p99_ms <= figures.reply_max_ms <= figures.seconds * 1000
    assert figures.updates_per_s == pytest.approx(figures.updates / figures.seconds, rel=0.05)
    assert figures.peak_mib >= figures.idle_mib > 20
    assert figures.calls_per_update == CALLS_A_CONVERSATION / ANSWERS


async def test_replies_that_never_come_are_lost_and_their_conversations_given_up() -> None:
    plan = Plan(chats=2, conversations=6, seconds=20.0, patience=0.3)

    figures = await measure(Setup("tests.benchmarks.forgetful_bot", warmup=0), plan)

    assert figures.lost == (figures.updates + figures.lost) // forgetful_bot.EVERY > 0
    assert figures.conversations == 6 - figures.lost
    assert figures.duplicates == 0


async def test_replies_said_twice_are_duplicates() -> None:
    figures = await measure(Setup("tests.benchmarks.stammering_bot", warmup=0), PLAN)

    assert figures.duplicates == figures.updates // stammering_bot.EVERY > 0
    assert (figures.conversations, figures.lost) == (CONVERSATIONS, 0)


async def test_a_refused_update_is_posted_again_as_telegram_does() -> None:
    figures = await measure(Setup("tests.benchmarks.unwilling_bot", warmup=0), PLAN)

    assert figures.refused == (figures.updates + figures.refused) // unwilling_bot.EVERY > 0
    assert (figures.conversations, figures.lost, figures.duplicates) == (CONVERSATIONS, 0, 0)


async def test_a_bot_that_takes_a_copy_for_an_answer_has_led_people_astray() -> None:
    plan = Plan(chats=1, conversations=1, seconds=20.0, twice=1.0, patience=0.3)

    figures = await measure(Setup("bare", warmup=1), plan)

    assert figures.transcript[:2] == list(QUESTIONS[:2])
    assert figures.duplicates >= 2  # the first question again, and the third before the second was answered
    assert figures.astray > 0


async def test_with_a_rate_the_crowd_keeps_to_the_schedule() -> None:
    plan = Plan(chats=2, conversations=CONVERSATIONS, seconds=20.0, rate=40.0)

    figures = await measure(Setup("bare", warmup=0), plan)

    assert figures.conversations == CONVERSATIONS
    assert figures.seconds >= (figures.updates - 1) / plan.rate
    assert figures.updates_per_s == pytest.approx(plan.rate, rel=0.2)


async def test_real_hashes_are_timed_apart() -> None:
    plan = Plan(chats=2, conversations=CONVERSATIONS, seconds=20.0, hashing=1.0)

    figures = await measure(Setup("bare", warmup=0), plan)

    assert figures.hashing_p50_ms > 5
    assert figures.updates == CONVERSATIONS * ANSWERS


async def test_a_slow_bot_api_is_waited_for() -> None:
    plan = Plan(chats=2, conversations=CONVERSATIONS, seconds=20.0)

    figures = await measure(Setup("bare", warmup=0, api_delay=0.02), plan)

    assert figures.ack_p50_ms >= 20
    assert figures.conversations == CONVERSATIONS


async def test_a_contender_that_does_not_start_is_one_clear_line() -> None:
    with pytest.raises(ContenderFailed, match="No module named"):
        await measure(Setup("nobody"), PLAN)
