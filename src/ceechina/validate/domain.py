"""What the model's columns cannot say: rules of the subject that catch slips of coding.

One entry each: what to look at as SQL, what was expected, what to do, and an example that must fail. A query returns
`row, key, value` of what breaks the rule; cells are text.
"""

from __future__ import annotations

from ceechina.validate.rules import Rule
from ceechina.validate.sql import ROW

# What a core row says of the claims behind it.
RECORD_CLAIMS = """
    SELECT record_id AS id, CAST(count(*) AS VARCHAR) AS claim_count,
        CAST(count(DISTINCT source_id) AS VARCHAR) AS source_count,
        array_to_string(list_sort(list(DISTINCT source_id)), '; ') AS source_ids,
        CASE WHEN bool_or(standing = 'rival') THEN 'true' ELSE 'false' END AS is_contested
    FROM claims GROUP BY record_id"""
# The latest publication that stands behind a date: an earlier source may have foretold it.
DATED_CLAIMS = """
    SELECT c.record_id, c.value_table, c.value_column, coalesce(c.item, '') AS item,
        max(coalesce(s.published_latest, '9999-12-31')) AS published_latest
    FROM claims AS c JOIN sources AS s USING (source_id)
    WHERE c.standing <> 'rival' AND c.value_column IN ('date', 'start') GROUP BY 1, 2, 3, 4"""


# What several rules ask of claims, by name.
OF_CLAIMS = {"record_claims": RECORD_CLAIMS, "dated_claims": DATED_CLAIMS}


def _ends_before_it_starts(table: str, key: str, example: str) -> Rule:
    return Rule(
        f"{table}.end.order", table, "end",
        f'SELECT {ROW}, {key} AS key, "end" AS value, start AS other FROM {table} '
        "WHERE end_latest IS NOT NULL AND start_earliest IS NOT NULL AND end_latest < start_earliest",
        "an end not before the start", "read both dates in their passages again", example=example, should="other",
    )  # fmt: skip


def _known_before_it_happened(
    table: str, parent: str, item: str, column: str, condition: str, example: str, severity: str = "error"
) -> Rule:
    key = f"concat_ws('/', t.{parent}, t.{item})" if item else f"t.{parent}"
    of_item = f"t.{item}" if item else "''"
    return Rule(
        f"{table}.{column}.foretold", table, column,
        f"SELECT t.{ROW}, {key} AS key, t.{column} AS value FROM {table} AS t JOIN dated_claims AS d "
        f"ON d.value_table = '{table}' AND d.value_column = '{column}' AND d.record_id = t.{parent} "
        f"AND d.item = {of_item} "
        f"WHERE {condition} AND t.{column}_earliest > d.published_latest",
        "a date not after the publication of the source that states it",
        "correct the year, or mark it as planned where that can be said", severity,
        reads=("claims", "sources"), shared="dated_claims", example=example,
    )  # fmt: skip


CORE = ("projects", "agreements", "meetings", "memberships")
BOOKKEEPING = ("claim_count", "source_count", "source_ids", "is_contested")


def _bookkeeping(table: str, column: str) -> Rule:
    key = f"{table[:-1]}_id"
    other = f"CASE {column} WHEN 'true' THEN 'false' WHEN 'false' THEN 'true' ELSE '999' END"
    return Rule(
        f"{table}.{column}.computed", table, column,
        f"t.{column} <> w.{column}",
        "what the claims of the record come to", "build the package again", reads=("claims",), shared="record_claims",
        kind="joined", should=f"w.{column}",
        example=f"UPDATE {table} SET {column} = {other} WHERE {key} = (SELECT min({key}) FROM {table})",
    )  # fmt: skip


def _same_source(table: str, key: str) -> Rule:
    return Rule(
        f"{table}.source_id.passage", table, "source_id",
        # a passage that is not there is told by itself
        "(hash(t.passage_id, t.source_id) NOT IN (SELECT hash(passage_id, source_id) FROM passages) "
        "AND hash(t.passage_id) IN (SELECT hash(passage_id) FROM passages))",
        "the source of the passage", "correct the source or the passage", reads=("passages",), kind="lookup",
        example=f"UPDATE {table} SET source_id = CASE source_id WHEN 'rks-2024' THEN 'cepa-2021' ELSE 'rks-2024' END "
        f"WHERE {key} = (SELECT min({key}) FROM {table})",
    )  # fmt: skip


def _end(alias: str) -> str:
    """SQL for the day from which a spell may have ended."""
    return f"coalesce({alias}.end_earliest, CASE WHEN {alias}.\"end\" IS NULL THEN '9999' END)"


def _of_one_country(code: str) -> Rule:
    what = "name" if code == "name" else "code"
    known = f"(SELECT max({code}) FROM countries)"
    return Rule(
        f"countries.{code}.unique", "countries", code,
        f"SELECT a.{ROW}, a.country_id AS key, a.{code} AS value, min(b.country_id) AS other FROM countries AS a "
        f"JOIN countries AS b ON a.{code} = b.{code} AND a.country_id <> b.country_id GROUP BY 1, 2, 3",
        f"a {what} that no other country has", f"look both countries up in the list the {what} is of", should="other",
        example=f"UPDATE countries SET {code} = {known} WHERE country_id = (SELECT min(country_id) FROM countries "
        f"WHERE {code} <> {known})",
    )  # fmt: skip


DOMAIN_RULES: tuple[Rule, ...] = (
    *(_of_one_country(code) for code in ("iso3", "m49", "name", "cow", "gw", "vdem", "dac")),
    *(_bookkeeping(table, column) for table in CORE for column in BOOKKEEPING),
    _same_source("claims", "claim_id"),
    _same_source("exclusions", "exclusion_id"),
    _ends_before_it_starts(
        "memberships", "membership_id",
        "UPDATE memberships SET \"end\" = '2018', end_latest = '2018-12-31' "
        "WHERE membership_id = 'china-cee-format-greece'; INSERT INTO claims SELECT * REPLACE ('x' AS claim_id, "
        "'end' AS value_column, '2018' AS claimed_value) FROM claims "
        "WHERE record_id = 'china-cee-format-greece' AND value_column = 'start' AND standing = 'chosen'",
    ),
    _ends_before_it_starts(
        "meetings", "meeting_id",
        "UPDATE meetings SET \"end\" = '2012', end_latest = '2012-12-31' "
        "WHERE meeting_id = 'lukashenko-xi-meetings-2013-2023'; UPDATE claims SET claimed_value = '2012' "
        "WHERE record_id = 'lukashenko-xi-meetings-2013-2023' AND value_column = 'end'",
    ),
    Rule(
        "project_events.date.order", "project_events", "date",
        f"SELECT c.{ROW}, concat_ws('/', c.project_id, c.event_id) AS key, c.date AS value, a.first AS other "
        "FROM project_events AS c JOIN (SELECT project_id, min(date_earliest) AS first FROM project_events "
        "WHERE is_planned = 'false' AND kind IN ('announced', 'started') GROUP BY 1) AS a USING (project_id) "
        "WHERE c.is_planned = 'false' AND c.kind IN ('completed', 'delivered', 'opened') AND c.date_latest < a.first",
        "a completion, delivery or opening not before the first announcement or start",
        # what was done in secret is announced afterwards
        "two events may be of two projects", "warning", should="other",
        example="UPDATE project_events SET kind = 'started', date = '2015', date_earliest = '2015-01-01' "
        "WHERE project_id = 'pupin-bridge' AND event_id = 'credit-agreed'; UPDATE claims SET claimed_value = 'started' "
        "WHERE record_id = 'pupin-bridge' AND item = 'credit-agreed' AND value_column = 'kind'; INSERT INTO claims "
        "SELECT * REPLACE ('x' AS claim_id, 'date' AS value_column, '2015' AS claimed_value) FROM claims "
        "WHERE record_id = 'pupin-bridge' AND item = 'credit-agreed' AND value_column = 'kind'",
    ),
    _known_before_it_happened(
        "project_events", "project_id", "event_id", "date", "t.is_planned = 'false'",
        "UPDATE project_events SET date = '2031', date_earliest = '2031-01-01', date_latest = '2031-12-31' "
        "WHERE project_id = 'pupin-bridge' AND event_id = 'opening'; UPDATE claims SET claimed_value = '2031' "
        "WHERE record_id = 'pupin-bridge' AND item = 'opening' AND value_column = 'date'",
    ),
    _known_before_it_happened(
        "agreement_events", "agreement_id", "event_id", "date", "t.is_planned = 'false'",
        "UPDATE agreement_events SET date = '2031', date_earliest = '2031-01-01', date_latest = '2031-12-31' "
        "WHERE agreement_id = 'safe-city-agreement-2011'; UPDATE claims SET claimed_value = '2031' "
        "WHERE record_id = 'safe-city-agreement-2011' AND value_column = 'date'",
    ),
    _known_before_it_happened(
        "meetings", "meeting_id", "", "start", "t.outcome = 'held'",
        "UPDATE meetings SET start = '2031', start_earliest = '2031-01-01', start_latest = '2031-12-31' "
        "WHERE meeting_id = 'xi-visit-belarus-2015'; UPDATE claims SET claimed_value = '2031' "
        "WHERE record_id = 'xi-visit-belarus-2015' AND value_column = 'start'",
    ),
    _known_before_it_happened(
        "memberships", "membership_id", "", "start", "true",
        "UPDATE memberships SET start = '2031', start_earliest = '2031-01-01', start_latest = '2031-12-31' "
        "WHERE membership_id = 'belt-and-road-hungary'; UPDATE claims SET claimed_value = '2031' "
        "WHERE record_id = 'belt-and-road-hungary' AND value_column = 'start'",
        # a spell that is yet to begin cannot be marked so
        "warning",
    ),
    Rule(
        "agreements.kind.china", "agreements", "kind",
        f"SELECT {ROW}, agreement_id AS key, kind AS value FROM agreements WHERE kind = 'partnership' "
        "AND agreement_id NOT IN (SELECT agreement_id FROM agreement_parties JOIN actors USING (actor_id) "
        "WHERE country_id = 'CN' AND agreement_id IS NOT NULL)",
        "China among the parties of a partnership", "name both states as parties", reads=("agreement_parties", "actors"),
        example="UPDATE agreement_parties SET actor_id = 'serbia' "
        "WHERE agreement_id = 'china-hungary-all-weather-partnership-2024' AND actor_id = 'china'; "
        "UPDATE claims SET item = 'serbia/party' "
        "WHERE record_id = 'china-hungary-all-weather-partnership-2024' AND item = 'china/party'",
    ),
    Rule(
        "agreements.parties.two", "agreements", "agreement_id",
        f"SELECT {ROW}, agreement_id AS key, agreement_id AS value FROM agreements WHERE agreement_id NOT IN "
        "(SELECT agreement_id FROM agreement_parties WHERE role <> 'signatory' AND agreement_id IS NOT NULL GROUP BY 1 "
        "HAVING count(DISTINCT actor_id) >= 2)",
        "two parties or more", "name the other side, or leave the agreement out as too vague",
        reads=("agreement_parties",),
        example="DELETE FROM agreement_parties "
        "WHERE agreement_id = 'alibaba-tourism-agreement-2019' AND actor_id = 'serbia'",
    ),
    Rule(
        "meetings.participants.some", "meetings", "meeting_id",
        f"SELECT {ROW}, meeting_id AS key, meeting_id AS value FROM meetings "
        "WHERE meeting_id NOT IN (SELECT meeting_id FROM meeting_participants WHERE meeting_id IS NOT NULL)",
        "a participant", "name who met, or leave the meeting out as too vague", reads=("meeting_participants",),
        example="DELETE FROM meeting_participants WHERE meeting_id = 'xi-visit-belarus-2015'",
    ),
    Rule(
        "memberships.start.overlap", "memberships", "start",
        f"SELECT a.{ROW}, a.membership_id AS key, a.start AS value, min(b.membership_id) AS other FROM memberships AS a "
        "JOIN memberships AS b ON a.body_actor_id = b.body_actor_id AND a.country_id = b.country_id "
        "AND a.membership_id <> b.membership_id "
        # only where both are there for certain; two spells without a start are of different times if of another status
        "WHERE CASE WHEN a.start IS NULL AND b.start IS NULL THEN a.status = b.status "
        # one begins on the day on which another ends; an end of which the earliest day is open is no open end
        f"ELSE a.start_latest < {_end('b')} AND b.start_latest < {_end('a')} END GROUP BY 1, 2, 3",
        "no other spell of the country in the body at the same time", "join the two spells, or date them apart",
        should="other",
        example="INSERT INTO memberships SELECT * REPLACE ('nato-croatia-2' AS membership_id) FROM memberships "
        "WHERE membership_id = 'nato-croatia'; INSERT INTO claims SELECT * REPLACE (claim_id || '-2' AS claim_id, "
        "'nato-croatia-2' AS record_id) FROM claims WHERE record_id = 'nato-croatia'",
    ),
    Rule(
        "project_amounts.kind.lender", "project_amounts", "kind",
        f"SELECT {ROW}, concat_ws('/', project_id, amount_id) AS key, kind AS value FROM project_amounts "
        "WHERE kind = 'loan' AND project_id NOT IN "
        "(SELECT project_id FROM project_participants WHERE role = 'lender' AND project_id IS NOT NULL)",
        "a lender among the participants", "name who lends, where any source does", "warning",
        ("project_participants",),
        "DELETE FROM project_participants WHERE project_id = 'pupin-bridge' AND role = 'lender'",
    ),
    Rule(
        "actors.actor_id.unused", "actors", "actor_id",
        f"SELECT {ROW}, actor_id AS key, actor_id AS value FROM actors WHERE actor_id NOT IN (SELECT * FROM ("
        "SELECT actor_id FROM project_participants UNION ALL SELECT actor_id FROM agreement_parties "
        "UNION ALL SELECT actor_id FROM meeting_participants UNION ALL SELECT body_actor_id FROM memberships "
        "UNION ALL SELECT format_actor_id FROM meetings UNION ALL SELECT parent_actor_id FROM actors "
        "UNION ALL SELECT CASE value_column WHEN 'format_actor_id' THEN claimed_value ELSE split_part(item, '/', 1) END "
        "FROM claims WHERE value_column = 'format_actor_id' OR (item IS NOT NULL AND standing = 'rival')) AS named "
        "WHERE actor_id IS NOT NULL)",
        "an actor that a record names", "remove the actor, or name it where it acts", "error",
        ("project_participants", "agreement_parties", "meeting_participants", "memberships", "meetings", "claims"),
        "INSERT INTO actors SELECT * REPLACE ('nobody' AS actor_id) FROM actors WHERE actor_id = 'weibo'",
    ),
    Rule(
        "sources.source_id.unused", "sources", "source_id",
        f"SELECT {ROW}, source_id AS key, source_id AS value FROM sources "
        "WHERE source_id NOT IN (SELECT source_id FROM passages WHERE source_id IS NOT NULL)",
        "a source that passages are taken from", "code the source, or remove it", reads=("passages",),
        example="INSERT INTO sources SELECT * REPLACE ('unread-2020' AS source_id) FROM sources "
        "WHERE source_id = 'rks-2024'",
    ),
    Rule(
        "passages.passage_id.unused", "passages", "passage_id",
        f"SELECT t.{ROW}, t.passage_id AS key, t.passage_id AS value FROM passages AS t "
        "WHERE NOT EXISTS (SELECT 1 FROM claims AS o WHERE o.passage_id = t.passage_id) "
        "AND NOT EXISTS (SELECT 1 FROM exclusions AS o WHERE o.passage_id = t.passage_id)",
        "a passage that a claim or an exclusion rests on", "run `ceechina lock` again", reads=("claims", "exclusions"),
        example="INSERT INTO passages SELECT * REPLACE ('rks-2024-00000000' AS passage_id) FROM passages "
        "WHERE source_id = 'rks-2024' LIMIT 1",
    ),
    Rule(
        "passages.word_count.within", "passages", "word_count",
        f"SELECT t.{ROW}, t.passage_id AS key, t.word_count AS value FROM passages AS t JOIN sources AS s USING (source_id) "
        # of numbers that are too large a sum of another type would be an error
        "WHERE TRY_CAST(t.word_offset AS DOUBLE) + TRY_CAST(t.word_count AS DOUBLE) > TRY_CAST(s.word_count AS DOUBLE) "
        # a number of another form is told by itself
        "AND CAST(TRY_CAST(s.word_count AS BIGINT) AS VARCHAR) = s.word_count",
        "a passage that ends within the words of its source", "run `ceechina lock --check` with the text of the source",
        reads=("sources",), example="UPDATE passages SET word_count = '99999999' "
        "WHERE passage_id = (SELECT min(passage_id) FROM passages)",
    ),
    Rule(
        "passages.link.source", "passages", "link",
        f"SELECT t.{ROW}, t.passage_id AS key, t.link AS value FROM passages AS t JOIN sources AS s USING (source_id) "
        "WHERE CASE WHEN s.url IS NULL THEN t.link IS NOT NULL ELSE NOT starts_with(coalesce(t.link, ''), s.url) END",
        "a link that begins with the address of its source, and none where the source has no address",
        "build the package again; where the address of the source was changed, look it up",
        reads=("sources",), example="UPDATE passages SET link = 'https://example.org/' "
        "WHERE passage_id = (SELECT min(passage_id) FROM passages)",
    ),
    Rule(
        "projects.name.twin", "projects", "name",
        f"SELECT {ROW}, project_id AS key, name AS value, min(twin) AS other FROM ("
        f"SELECT a.{ROW}, a.project_id, a.name, b.project_id AS twin FROM (SELECT {ROW}, project_id, name, country_ids, "
        "count(*) OVER (PARTITION BY country_ids, left(lower(name), 4)) AS alike FROM projects) AS a JOIN projects AS b "
        "ON a.country_ids = b.country_ids AND left(lower(a.name), 4) = left(lower(b.name), 4) "
        # where many names of a country begin alike, comparing all with all would not end
        "WHERE a.alike <= 200 AND a.project_id < b.project_id AND abs(length(a.name) - length(b.name)) <= 3 "
        f"AND levenshtein(lower(a.name), lower(b.name)) <= 3 UNION ALL SELECT {ROW}, project_id, name, twin FROM "
        f"(SELECT projects.{ROW}, project_id, name, max(project_id) OVER "
        "(PARTITION BY country_ids, kind, sector, first_event, actor_id) AS twin FROM projects "
        "JOIN project_participants USING (project_id) WHERE first_event_precision IN ('day', 'month')) AS acted "
        "WHERE project_id < twin) AS twins GROUP BY 1, 2, 3",
        "a project that no other seems to be again", "merge the two, or give them names that tell them apart", "warning",
        reads=("project_participants",), should="other", example="UPDATE projects SET name = 'Swimming pool in Belaruz' WHERE project_id = 'belarus-soccer-stadium'",
    ),
    Rule(
        "meetings.name.twin", "meetings", "name",
        f"SELECT DISTINCT {ROW}, meeting_id AS key, name AS value, twin AS other FROM "
        f"(SELECT meetings.{ROW}, meeting_id, name, "
        "max(meeting_id) OVER (PARTITION BY country_ids, kind, start, actor_id) AS twin FROM meetings "
        "JOIN meeting_participants USING (meeting_id) WHERE start_precision IN ('day', 'month')) AS met "
        "WHERE meeting_id < twin",
        "a meeting that no other seems to be again", "merge the two, or give them dates that tell them apart", "warning",
        ("meeting_participants",), should="other", example=
        "INSERT INTO meetings SELECT * REPLACE ('zz-talks' AS meeting_id) FROM meetings "
        "WHERE meeting_id = 'orban-xi-talks-beijing-2019'; INSERT INTO meeting_participants "
        "SELECT * REPLACE ('zz-talks' AS meeting_id) FROM meeting_participants "
        "WHERE meeting_id = 'orban-xi-talks-beijing-2019'; INSERT INTO claims SELECT * REPLACE (claim_id || '-2' AS claim_id, "
        "'zz-talks' AS record_id) FROM claims WHERE record_id = 'orban-xi-talks-beijing-2019'",
    ),
)  # fmt: skip


def domain_rules(table: str) -> list[Rule]:
    """The rules of the subject about one table."""
    return [rule for rule in DOMAIN_RULES if rule.table == table]
