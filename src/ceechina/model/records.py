"""The tables, one class each: the only place where a column is defined.

Content. The docstring of a class describes its table, the docstring under a field its column, and
the annotation says what a cell may hold and where it comes from. Table Schemas, Arrow schemas, the
JSON Schemas of record files, the codebook and the validation rules are all derived from here.

Naming: tables plural, keys `<singular>_id`, references named as the key they point to (with a
prefix where the relation needs a name, as in `parent_project_id`), `is_` before yes-or-no columns.
A record file writes a reference without `_id` and the slug that keys a row as `id`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict

from ceechina.model import codes
from ceechina.model.columns import CLAIMED, CURRENT, DERIVED, EDITORIAL, Beside, Meta, Ref
from ceechina.model.tables import Table, build
from ceechina.model.values import (
    BOOLEAN,
    COUNTRY,
    EDTF,
    INTEGER,
    LANGUAGE,
    LICENCE,
    NUMBER,
    SHA256,
    SLUG,
    TEXT,
    URL,
    VERSION,
)


class Row(BaseModel):
    """A row of any table."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)
    meta: ClassVar[Meta]


class Core(Row):
    """What every row of the four core tables carries besides its own columns."""

    country_ids: Annotated[str | None, TEXT, DERIVED] = None
    """Countries of the region the record names, ISO codes joined with `; `; empty for the region as a whole."""
    source_ids: Annotated[str, TEXT, DERIVED]
    """Sources that claim anything of the record, joined with `; `."""
    claim_count: Annotated[int, INTEGER, DERIVED]
    """Number of values claimed for the record, its child rows included."""
    source_count: Annotated[int, INTEGER, DERIVED]
    """Number of sources that claim anything of the record."""
    is_contested: Annotated[bool, BOOLEAN, DERIVED]
    """Whether sources contradict each other on any value of the record."""
    added_in: Annotated[str, VERSION, DERIVED]
    """Data version in which the record first appears."""
    changed_in: Annotated[str, VERSION, DERIVED]
    """Data version in which the record last changed."""


class Country(Row):
    """Countries of the region, China, and homes of other actors, with the keys of common datasets.

    Serbia is 345 in COW but 340 in Gleditsch-Ward; Kosovo's ISO codes are user-assigned.
    """

    meta = Meta("countries", ("country_id",))
    country_id: Annotated[str, COUNTRY, EDITORIAL]
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""
    iso3: Annotated[str, TEXT, EDITORIAL]
    """ISO 3166-1 alpha-3; XKX, user-assigned, for Kosovo."""
    m49: Annotated[str | None, TEXT, EDITORIAL] = None
    """UN M49 code of three digits; Kosovo has none."""
    name: Annotated[str, TEXT, EDITORIAL]
    """Name in English, in the words of this dataset."""
    subregion: Annotated[str, TEXT, EDITORIAL]
    """UN M49 subregion; for Kosovo that of its neighbours."""
    scope: Annotated[str, codes.COUNTRY_SCOPE, EDITORIAL]
    """Code: why the country stands in the table."""
    cow: Annotated[int | None, INTEGER, EDITORIAL] = None
    """Correlates of War country number."""
    gw: Annotated[int | None, INTEGER, EDITORIAL] = None
    """Gleditsch-Ward state number."""
    vdem: Annotated[int | None, INTEGER, EDITORIAL] = None
    """V-Dem country id."""
    dac: Annotated[int | None, INTEGER, EDITORIAL] = None
    """OECD DAC recipient or donor code."""


class Actor(Row):
    """States, bodies, firms, institutes and persons that act in any record."""

    meta = Meta("actors", ("actor_id",))
    actor_id: Annotated[str, SLUG, EDITORIAL]
    """Actor by its slug."""
    name: Annotated[str, TEXT, EDITORIAL]
    """Name in English, in the words of this dataset."""
    native_name: Annotated[str | None, TEXT, EDITORIAL] = None
    """Name in the actor's own language, where a source gives it."""
    aliases: Annotated[str | None, TEXT, EDITORIAL] = None
    """Other names and spellings found in the sources, joined with `; `."""
    kind: Annotated[str, codes.ACTOR_KIND, EDITORIAL]
    """Code: what sort of thing the row describes, from the list of its table."""
    country_id: Annotated[str | None, COUNTRY, Ref("countries"), EDITORIAL] = None
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""
    parent_actor_id: Annotated[str | None, SLUG, Ref("actors"), EDITORIAL] = None
    """Actor this one belongs to, where a source says so."""


class Source(Row):
    """The publications the data is coded from."""

    meta = Meta("sources", ("source_id",))
    source_id: Annotated[str, SLUG, EDITORIAL]
    """Source by its slug."""
    title: Annotated[str, TEXT, EDITORIAL]
    """Title as printed."""
    authors: Annotated[str | None, TEXT, EDITORIAL] = None
    """Authors as printed, joined with `; `."""
    publisher: Annotated[str | None, TEXT, EDITORIAL] = None
    """Who published it."""
    published: Annotated[str, EDTF, EDITORIAL]
    """When it was published."""
    url: Annotated[str | None, URL, EDITORIAL] = None
    """Address of the text coded; empty where it was not confirmed."""
    language: Annotated[str, LANGUAGE, EDITORIAL]
    """Language of the text coded."""
    kind: Annotated[str, codes.SOURCE_KIND, EDITORIAL]
    """Code: what sort of thing the row describes, from the list of its table."""
    side: Annotated[str, codes.SOURCE_SIDE, EDITORIAL]
    """Code: on which side of the relation it is published."""
    licence: Annotated[str | None, LICENCE, EDITORIAL] = None
    """Licence of the text by its SPDX identifier, where it states one."""
    derived_from: Annotated[str | None, TEXT, EDITORIAL] = None
    """What the text is based on, by its own statement, with an address where known."""
    word_count: Annotated[int, INTEGER, DERIVED]
    """Length in folded words."""
    text_sha256: Annotated[str, SHA256, DERIVED]
    """SHA-256 of all its folded words, joined with single spaces, in UTF-8."""


class Project(Core):
    """Undertakings: one row for each thing built, bought, sold, given, opened or run together."""

    meta = Meta("projects", ("project_id",))
    project_id: Annotated[str, SLUG, EDITORIAL]
    """Project by its slug."""
    name: Annotated[str, TEXT, EDITORIAL]
    """Name in English, in the words of this dataset."""
    summary: Annotated[str | None, TEXT, EDITORIAL] = None
    """What it is, in a sentence of this dataset."""
    kind: Annotated[str, codes.PROJECT_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    sector: Annotated[str | None, codes.SECTOR, CLAIMED] = None
    """Code: the field of activity; empty where no source tells it."""
    status: Annotated[str | None, codes.PROJECT_STATUS, CURRENT] = None
    """Code: how things stood when the latest source was published, from the list of its table."""
    parent_project_id: Annotated[str | None, SLUG, Ref("projects"), CLAIMED] = None
    """Project this one is a part of."""
    agreement_id: Annotated[str | None, SLUG, Ref("agreements"), CLAIMED] = None
    """Agreement by its slug; for a project, the one it rests on."""
    headline_amount: Annotated[float | None, NUMBER, DERIVED] = None
    """The project's sum that stands first by kind (order of `amount_kind`), then by its id."""
    headline_currency: Annotated[str | None, codes.CURRENCY, DERIVED] = None
    """Currency of the headline amount."""
    headline_kind: Annotated[str | None, codes.AMOUNT_KIND, DERIVED] = None
    """Code: what the headline amount is, a promise or a price."""
    first_event: Annotated[str | None, EDTF, DERIVED] = None
    """Date of the earliest dated event that is not merely planned."""
    last_event: Annotated[str | None, EDTF, DERIVED] = None
    """Date of the latest dated event that is not merely planned."""


class ProjectCountry(Row):
    """Countries of the region a project is for."""

    meta = Meta("project_countries", ("project_id", "country_id"), "projects", "countries")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    country_id: Annotated[str, COUNTRY, Ref("countries"), CLAIMED]
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""


class ProjectPlace(Row):
    """Places where a project happens, as the source names them; both ends of a line."""

    meta = Meta("project_places", ("project_id", "place_id"), "projects", "places")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    place_id: Annotated[str, SLUG, EDITORIAL]
    """Slug of the place within its project."""
    place: Annotated[str, TEXT, CLAIMED]
    """Town, area or site, as the source names it."""
    country_id: Annotated[str, COUNTRY, Ref("countries"), CLAIMED]
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""


class ProjectParticipant(Row):
    """Who takes part in a project, and as what."""

    meta = Meta("project_participants", ("project_id", "actor_id", "role"), "projects", "participants")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    actor_id: Annotated[str, SLUG, Ref("actors"), CLAIMED]
    """Actor by its slug."""
    role: Annotated[str, codes.PROJECT_ROLE, CLAIMED]
    """Code: as what the actor takes part, from the list of its table."""


class ProjectAmount(Row):
    """Sums of money of a project, each with what it is; never added up across kinds."""

    meta = Meta("project_amounts", ("project_id", "amount_id"), "projects", "amounts")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    amount_id: Annotated[str, SLUG, EDITORIAL]
    """Slug of the sum within its project."""
    kind: Annotated[str, codes.AMOUNT_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    value: Annotated[float, NUMBER, CLAIMED]
    """The number, in whole units: of the currency for money, of `unit` for quantities."""
    value_max: Annotated[float | None, NUMBER, CLAIMED] = None
    """Upper end, where the source gives a range."""
    qualifier: Annotated[str, codes.QUALIFIER, CLAIMED, Beside("value")] = "exact"
    """Code: how the source qualifies the number."""
    currency: Annotated[str, codes.CURRENCY, CLAIMED]
    """Currency as printed, by ISO 4217."""
    as_of: Annotated[str | None, EDTF, CLAIMED] = None
    """Date the number is given for, where the source says."""


class ProjectQuantity(Row):
    """Numbers of things in a project, each with its unit."""

    meta = Meta("project_quantities", ("project_id", "quantity_id"), "projects", "quantities")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    quantity_id: Annotated[str, SLUG, EDITORIAL]
    """Slug of the quantity within its project."""
    kind: Annotated[str, codes.QUANTITY_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    value: Annotated[float, NUMBER, CLAIMED]
    """The number, in whole units: of the currency for money, of `unit` for quantities."""
    value_max: Annotated[float | None, NUMBER, CLAIMED] = None
    """Upper end, where the source gives a range."""
    qualifier: Annotated[str, codes.QUALIFIER, CLAIMED, Beside("value")] = "exact"
    """Code: how the source qualifies the number."""
    unit: Annotated[str, codes.UNIT, CLAIMED]
    """Unit of the number."""
    as_of: Annotated[str | None, EDTF, CLAIMED] = None
    """Date the number is given for, where the source says."""


class ProjectEvent(Row):
    """What happened to a project, or is expected to, and when."""

    meta = Meta("project_events", ("project_id", "event_id"), "projects", "events")
    project_id: Annotated[str, SLUG, Ref("projects"), EDITORIAL]
    """Project by its slug."""
    event_id: Annotated[str, SLUG, EDITORIAL]
    """Slug of the event within its record."""
    kind: Annotated[str, codes.EVENT_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    date: Annotated[str | None, EDTF, CLAIMED] = None
    """When, in EDTF; empty where the source gives no date."""
    is_planned: Annotated[bool, BOOLEAN, CURRENT, Beside("kind")] = False
    """Whether the source only expects the event."""


class Agreement(Core):
    """Understandings reached: declarations, memoranda, treaties, contracts that stand by themselves."""

    meta = Meta("agreements", ("agreement_id",))
    agreement_id: Annotated[str, SLUG, EDITORIAL]
    """Agreement by its slug; for a project, the one it rests on."""
    name: Annotated[str, TEXT, EDITORIAL]
    """Name in English, in the words of this dataset."""
    summary: Annotated[str | None, TEXT, EDITORIAL] = None
    """What it is, in a sentence of this dataset."""
    kind: Annotated[str, codes.AGREEMENT_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    sector: Annotated[str | None, codes.SECTOR, CLAIMED] = None
    """Code: the field of activity; empty where no source tells it."""
    status: Annotated[str | None, codes.AGREEMENT_STATUS, CURRENT] = None
    """Code: how things stood when the latest source was published, from the list of its table."""
    is_strategic: Annotated[bool | None, BOOLEAN, CLAIMED] = None
    """Whether the partnership is called strategic."""
    is_comprehensive: Annotated[bool | None, BOOLEAN, CLAIMED] = None
    """Whether the partnership is called comprehensive."""
    is_all_weather: Annotated[bool | None, BOOLEAN, CLAIMED] = None
    """Whether the partnership is called all-weather."""
    previous_agreement_id: Annotated[str | None, SLUG, Ref("agreements"), CLAIMED] = None
    """Agreement this one renews or elevates."""
    meeting_id: Annotated[str | None, SLUG, Ref("meetings"), CLAIMED] = None
    """Meeting by its slug; for an agreement, the one at which it was reached."""
    first_event: Annotated[str | None, EDTF, DERIVED] = None
    """Date of the earliest dated event that is not merely planned."""
    last_event: Annotated[str | None, EDTF, DERIVED] = None
    """Date of the latest dated event that is not merely planned."""


class AgreementParty(Row):
    """Who is bound by an agreement, and who signed it."""

    meta = Meta("agreement_parties", ("agreement_id", "actor_id", "role"), "agreements", "parties")
    agreement_id: Annotated[str, SLUG, Ref("agreements"), EDITORIAL]
    """Agreement by its slug; for a project, the one it rests on."""
    actor_id: Annotated[str, SLUG, Ref("actors"), CLAIMED]
    """Actor by its slug."""
    role: Annotated[str, codes.AGREEMENT_ROLE, CLAIMED]
    """Code: as what the actor takes part, from the list of its table."""


class AgreementEvent(Row):
    """What happened to an agreement, or is expected to, and when."""

    meta = Meta("agreement_events", ("agreement_id", "event_id"), "agreements", "events")
    agreement_id: Annotated[str, SLUG, Ref("agreements"), EDITORIAL]
    """Agreement by its slug; for a project, the one it rests on."""
    event_id: Annotated[str, SLUG, EDITORIAL]
    """Slug of the event within its record."""
    kind: Annotated[str, codes.EVENT_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    date: Annotated[str | None, EDTF, CLAIMED] = None
    """When, in EDTF; empty where the source gives no date."""
    is_planned: Annotated[bool, BOOLEAN, CURRENT, Beside("kind")] = False
    """Whether the source only expects the event."""


class Meeting(Core):
    """Visits, talks, summits, conferences and ceremonies; one row may stand for a counted series."""

    meta = Meta("meetings", ("meeting_id",))
    meeting_id: Annotated[str, SLUG, EDITORIAL]
    """Meeting by its slug; for an agreement, the one at which it was reached."""
    name: Annotated[str, TEXT, EDITORIAL]
    """Name in English, in the words of this dataset."""
    summary: Annotated[str | None, TEXT, EDITORIAL] = None
    """What it is, in a sentence of this dataset."""
    kind: Annotated[str, codes.MEETING_KIND, CLAIMED]
    """Code: what sort of thing the row describes, from the list of its table."""
    format_actor_id: Annotated[str | None, SLUG, Ref("actors"), CLAIMED] = None
    """Format or body within which it took place."""
    mode: Annotated[str | None, codes.MEETING_MODE, CLAIMED] = None
    """Code: in person or by what means, where the source says or a place implies it."""
    outcome: Annotated[str, codes.MEETING_OUTCOME, CURRENT]
    """Code: whether it came about."""
    place: Annotated[str | None, TEXT, CLAIMED] = None
    """Town, area or site, as the source names it."""
    country_id: Annotated[str | None, COUNTRY, Ref("countries"), CLAIMED] = None
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""
    start: Annotated[str | None, EDTF, CLAIMED] = None
    """First day or the period it falls in, in EDTF."""
    end: Annotated[str | None, EDTF, CLAIMED] = None
    """Last day, in EDTF, where the source gives one of its own."""
    count: Annotated[int | None, INTEGER, CLAIMED] = None
    """Number of meetings the row stands for, where the source counts several."""


class MeetingParticipant(Row):
    """Who was at a meeting, or stayed away from it."""

    meta = Meta("meeting_participants", ("meeting_id", "actor_id", "role"), "meetings", "participants")
    meeting_id: Annotated[str, SLUG, Ref("meetings"), EDITORIAL]
    """Meeting by its slug; for an agreement, the one at which it was reached."""
    actor_id: Annotated[str, SLUG, Ref("actors"), CLAIMED]
    """Actor by its slug."""
    role: Annotated[str, codes.MEETING_ROLE, CLAIMED]
    """Code: as what the actor takes part, from the list of its table."""
    office: Annotated[str | None, TEXT, CLAIMED] = None
    """Office held then, as the source names it."""
    represents_country_id: Annotated[str | None, COUNTRY, Ref("countries"), CLAIMED] = None
    """Country the actor stands for."""
    level: Annotated[str | None, codes.LEVEL, CLAIMED] = None
    """Code: rank of the person."""


class Membership(Core):
    """Spells of a country in a body, format or initiative, whoever leads it."""

    meta = Meta("memberships", ("membership_id",), listed="spells")
    membership_id: Annotated[str, SLUG, EDITORIAL]
    """Membership by its slug: the body, then the spell."""
    body_actor_id: Annotated[str, SLUG, Ref("actors"), EDITORIAL]
    """Body, format or initiative."""
    country_id: Annotated[str, COUNTRY, Ref("countries"), CLAIMED]
    """Country by ISO 3166-1 alpha-2; XK, user-assigned, for Kosovo."""
    status: Annotated[str, codes.MEMBERSHIP_STATUS, CURRENT]
    """Code: how things stood when the latest source was published, from the list of its table."""
    start: Annotated[str | None, EDTF, CLAIMED] = None
    """First day or the period it falls in, in EDTF."""
    end: Annotated[str | None, EDTF, CLAIMED] = None
    """Last day, in EDTF, where the source gives one of its own."""


class Passage(Row):
    """Where in a source a claim or an exclusion rests: first and last words, and a lock on what is between."""

    meta = Meta("passages", ("passage_id",))
    passage_id: Annotated[str, SLUG, DERIVED]
    """Passage by its slug: the source and the start of its hash."""
    source_id: Annotated[str, SLUG, Ref("sources"), EDITORIAL]
    """Source by its slug."""
    first_words: Annotated[str, TEXT, EDITORIAL]
    """First words of the passage, at most eight; the whole of it where `last_words` is empty."""
    last_words: Annotated[str | None, TEXT, EDITORIAL] = None
    """Last words of the passage, at most eight."""
    word_offset: Annotated[int, INTEGER, DERIVED]
    """Number of folded words of the source before the passage."""
    word_count: Annotated[int, INTEGER, DERIVED]
    """Length in folded words."""
    sha256: Annotated[str, SHA256, DERIVED]
    """SHA-256 of the folded words, joined with single spaces, in UTF-8."""
    link: Annotated[str | None, URL, DERIVED] = None
    """Address that opens the source at the passage; empty where the source has none."""


class Claim(Row):
    """Every value every source states, published or not, with its passage and its standing."""

    meta = Meta("claims", ("claim_id",))
    claim_id: Annotated[str, SLUG, DERIVED]
    """Claim by its slug: the record and a hash of place and passage."""
    record_id: Annotated[str, SLUG, DERIVED]
    """Record of a core table by its slug."""
    record_table: Annotated[str, TEXT, DERIVED]
    """Core table of the record."""
    field: Annotated[str, TEXT, DERIVED]
    """The cell as a record file names it: `column`, `list/item/column`, or `list/item` for an item that is all key."""
    value_table: Annotated[str, TEXT, DERIVED]
    """Table whose cell the claim fills: the core table or one of its children."""
    item: Annotated[str | None, TEXT, DERIVED] = None
    """Key of the child row within its record, its parts joined with `/`; empty for the core row."""
    value_column: Annotated[str, TEXT, DERIVED]
    """Column whose cell the claim fills."""
    claimed_value: Annotated[str, TEXT, EDITORIAL]
    """The value as text, in the form CSV has it."""
    source_id: Annotated[str, SLUG, Ref("sources"), EDITORIAL]
    """Source by its slug."""
    passage_id: Annotated[str, SLUG, Ref("passages"), EDITORIAL]
    """Passage by its slug: the source and the start of its hash."""
    basis: Annotated[str, codes.BASIS, EDITORIAL]
    """Code: how the passage bears the value."""
    standing: Annotated[str, codes.STANDING, DERIVED]
    """Code: how the value stands to the published one."""
    note: Annotated[str | None, TEXT, EDITORIAL] = None
    """What the passage alone does not show."""
    because: Annotated[str | None, TEXT, EDITORIAL] = None
    """Why, in a sentence a reader can check."""


class Exclusion(Row):
    """Passages that were read and not coded, with the reason."""

    meta = Meta("exclusions", ("exclusion_id",))
    exclusion_id: Annotated[str, SLUG, DERIVED]
    """Exclusion by its slug, which is that of its passage."""
    source_id: Annotated[str, SLUG, Ref("sources"), EDITORIAL]
    """Source by its slug."""
    passage_id: Annotated[str, SLUG, Ref("passages"), EDITORIAL]
    """Passage by its slug: the source and the start of its hash."""
    reason: Annotated[str, codes.EXCLUSION_REASON, EDITORIAL]
    """Code: why it was not coded."""
    note: Annotated[str | None, TEXT, EDITORIAL] = None
    """What the passage alone does not show."""


class RetiredId(Row):
    """Ids once published and no longer used, so that none ever comes back with another meaning."""

    meta = Meta("retired_ids", ("retired_id",))
    retired_id: Annotated[str, SLUG, EDITORIAL]
    """The id that is no longer used."""
    record_table: Annotated[str, TEXT, EDITORIAL]
    """Core table of the record."""
    successor_id: Annotated[str | None, SLUG, EDITORIAL] = None
    """The id that took its place, if any."""
    because: Annotated[str, TEXT, EDITORIAL]
    """Why, in a sentence a reader can check."""


class Change(Row):
    """Why published values changed or went, release by release, where their claims alone do not tell."""

    meta = Meta("changes", ("change_id",))
    change_id: Annotated[str, SLUG, EDITORIAL]
    """Change by its slug."""
    version: Annotated[str, VERSION, EDITORIAL]
    """Data version in which the values are others than before."""
    changed_table: Annotated[str, TEXT, EDITORIAL]
    """Table of what changed: a core table, or one of countries, actors and sources."""
    changed_id: Annotated[str, TEXT, EDITORIAL]
    """Its key there."""
    changed_field: Annotated[str | None, TEXT, EDITORIAL] = None
    """The cell or item as a record file names it; empty where the reason is that of all that changed in it."""
    kind: Annotated[str, codes.CHANGE_KIND, EDITORIAL]
    """Code: what sort of thing the row describes, from the list of its table."""
    because: Annotated[str, TEXT, EDITORIAL]
    """Why, in a sentence a reader can check."""


ROWS: tuple[type[Row], ...] = (
    Country,
    Actor,
    Source,
    Project,
    ProjectCountry,
    ProjectPlace,
    ProjectParticipant,
    ProjectAmount,
    ProjectQuantity,
    ProjectEvent,
    Agreement,
    AgreementParty,
    AgreementEvent,
    Meeting,
    MeetingParticipant,
    Membership,
    Passage,
    Claim,
    Exclusion,
    RetiredId,
    Change,
)


def model() -> dict[str, Table]:
    """The tables of this version of the model, by name."""
    return build(ROWS)
