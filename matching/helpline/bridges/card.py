"""A service of the directory as something to read: its name, its numbers, what it is for. Pure."""

from matching.helpline.bridges.sheets import Sheet
from matching.helpline.directory.values import Entry

LONGEST = 1_500


def card(entry: Entry) -> Sheet:
    r"""In the words of the directory, with every number and no street.

    >>> from matching.helpline.directory.values import Phone
    >>> card(Entry(service="s", name="Écoute", about="Anonyme.", phones=(Phone("3919", "call"),)))
    Sheet(title='Écoute', text='☎ 3919\nAnonyme.')
    """
    numbers = [
        f"{'SMS' if it.way == 'sms' else '☎'} {it.number}{f' ({it.about})' if it.about else ''}"
        for it in entry.phones
    ]
    # Numbers first: what is cut off at the end must not be the way to reach it.
    lines = [entry.organisation, *numbers, entry.url, entry.about, entry.cost, entry.hours_text]
    return Sheet(title=entry.name, text="\n".join(it for it in lines if it)[:LONGEST])
