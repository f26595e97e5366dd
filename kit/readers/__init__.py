"""What people type, read: a value that keeps all its rules, or Refused with one sentence that says what to type.

Each reader takes any text at all, cuts it first, and takes time in proportion to its length (TH-15).
"""

from kit.readers.birth_dates import read_birth_date
from kit.readers.emails import Email, read_email, suggest_email
from kit.readers.matricules import read_matricule
from kit.readers.messages import read_message
from kit.readers.names import read_name
from kit.readers.phones import read_phone
from kit.readers.yes_no import read_yes_no

__all__ = [
    "Email",
    "read_birth_date",
    "read_email",
    "read_matricule",
    "read_message",
    "read_name",
    "read_phone",
    "read_yes_no",
    "suggest_email",
]
