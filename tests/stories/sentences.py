"""Sentences that many stories listen for, by their English source."""

from __future__ import annotations

ASKED = {
    "matricule": "What is your {fund} matricule? It is printed on your membership card.",
    "last_name": "Your last name, as on the card? In Latin or in Arabic letters.",
    "first_name": "Your first name?",
    "birth_date": "Your birth date? For example 31/12/1980.",
    "email": "Your e-mail address? It will be your login, and the activation link goes there.",
    "password": "Choose a password of {length} with {digits}.",
    "repetition": "Type the password once more.",
    "question": "Choose a secret question: it is asked if you forget your password.",
    "answer": "Your answer to: {question}",
    "consent": "Do you agree?",
}
SUMMARY = "<b>{form}</b>: please check before you confirm."
ON_ITS_WAY = (
    "An activation mail will reach you in a few minutes at {email}. Its link is good for 24 hours, once."
)
ACTIVE = "✅ <b>Your participant space is active</b>, and you are signed in here."
CREATED = "✅ <b>Your account is created.</b>"
OUT_OF_DATE = "This screen is out of date. Here is where you are."
ALREADY = "That is being done already."
MISMATCH = (
    "These four elements together do not match the fund’s records. "
    "Please check them against your membership card, one by one."
)
STOPPED_TODAY = "Registration is stopped for today from here. The fund can help you: {phone}, {email}."
BAD_LINK = "This link is no longer valid."
EXPIRED = "Too much time has passed since your last answer: “{form}” was closed and what you had entered was erased."
MIDDLE = "You are in the middle of: {form}."
NOT_AN_ANSWER = (
    "I have not taken this for an answer. What you entered is still here, and this is where you were."
)
STOP = "Stop here? What you entered for “{form}” will be erased."
STOPPED = "Stopped. Nothing was kept."
