"""16,000 villages for benchmarks, written by PostgreSQL itself: rows that no door could bring in time.

They are as many as a province has. One county keeps them all, which no real one does, or COUNTIES of them.
"""

from django.db import connection

TOWNSHIPS, VILLAGES, MEMBERS = 500, 32, 12  # in all; villages of a township, members of a village
COUNTIES = 50  # of a province
COUNCILS = """
    WITH counties AS (SELECT c, '99' || lpad(c::text, 4, '0') AS code FROM generate_series(1, {counties}) c),
    townships AS (
        SELECT c, code AS county, code || lpad(t::text, 3, '0') AS code
        FROM counties, generate_series(1, {townships}) t
    )
    INSERT INTO councils_council (code, parent_code, level, name, short_name, opened, lft, rght, tree_id, depth)
    SELECT code, parent, level, 'x' || code, '', DATE '2021-01-01', 0, 0, c, depth FROM (
        SELECT c, code, NULL AS parent, 'county' AS level, 0 AS depth FROM counties
        UNION ALL SELECT c, code, county, 'township', 1 FROM townships
        UNION ALL SELECT c, code || lpad(v::text, 3, '0'), code, 'village', 2
        FROM townships, generate_series(1, {villages}) v
    ) AS made
"""
ZONES = """
    INSERT INTO councils_zone (village_id, number, name, bounds)
    SELECT id, lpad(n::text, 2, '0'), 'z' || n, ''
    FROM councils_council, generate_series(1, 8) n WHERE level = 'village'
"""
MEMBERS_OF = """
    WITH women AS (
        INSERT INTO members_member (name, national_id, national_id_print, bank_name, pinyin, initials, syllables,
            political_status, education, ethnicity, remark)
        SELECT 'x', '\\x00'::bytea, int8send(n), '', 'x', 'x', 'x', '', '', '', ''
        FROM generate_series(1, {count}) n RETURNING id
    ), placed AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM women),
    villages AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM councils_council WHERE level = 'village')
    INSERT INTO members_membership (member_id, village_id, start, reason)
    SELECT p.id, v.id, DATE '2021-01-01' + (p.n % 500)::int, '' FROM placed p JOIN villages v ON v.n = p.n / {members}
"""
ASSIGNED = """
    WITH zones AS (
        SELECT id, village_id, row_number() OVER (PARTITION BY village_id ORDER BY id) AS n FROM councils_zone
    ), women AS (
        SELECT member_id, village_id, start, row_number() OVER (PARTITION BY village_id ORDER BY id) AS n
        FROM members_membership
    )
    INSERT INTO members_zoneassignment (member_id, zone_id, "primary", start)
    SELECT w.member_id, z.id, true, w.start FROM women w JOIN zones z USING (village_id, n)
"""
INSURED = """
    WITH policy AS (
        INSERT INTO members_insurancepolicy (kind, insurer, number, start, "end", sum_insured, premium, payer, remark,
            council_id)
        SELECT 'accident', 'x', code, DATE '2022-01-01', DATE '2022-12-31', 30000, 100, 'county', '', id
        FROM councils_council WHERE level = 'county' RETURNING id, number
    )
    INSERT INTO members_insuredmember (certificate, start, "end", remark, member_id, policy_id, village_id)
    SELECT '', DATE '2022-01-01', DATE '2022-12-31', '', m.member_id, policy.id, m.village_id
    FROM members_membership m JOIN councils_council v ON v.id = m.village_id JOIN policy ON number = left(v.code, 6)
"""
TRAINED = """
    WITH session AS (
        INSERT INTO members_trainingsession (day, topic, roles, grades, hours, place, remark, council_id)
        SELECT DATE '2022-05-05', code, '', '', 2, '', '', id FROM councils_council WHERE level = 'county'
        RETURNING id, topic
    )
    INSERT INTO members_attendance (remark, member_id, village_id, session_id)
    SELECT '', m.member_id, m.village_id, session.id FROM members_membership m
    JOIN councils_council v ON v.id = m.village_id JOIN session ON topic = left(v.code, 6) WHERE m.id % 4 > 0
"""
WORK = """
    WITH villages AS (
        SELECT v.id, t.id AS township, c.id AS county, row_number() OVER (ORDER BY v.id) - 1 AS n
        FROM councils_council v JOIN councils_council t ON t.code = v.parent_code
        JOIN councils_council c ON c.code = t.parent_code WHERE v.level = 'village'
    ), drawn AS (
        SELECT n, (random() * {last})::int AS village, DATE '2021-09-01' + (random() * 364)::int AS day,
            1 + (random() * 17)::int AS kind, 1 + (random() * 8)::int AS quantity, random() < 0.9 AS verified
        FROM generate_series(1, {rows}) n
    )
    INSERT INTO reports_activity (day, month, village_id, township_id, county_id, role, kind, quantity, household,
        place, text, text_print, particulars, doers, size, source, recorded_at, state, verified_at, reason, version)
    SELECT day, date_trunc('month', day), v.id, v.township, v.county, (%s::text[])[kind], (%s::text[])[kind], quantity,
        '', '', '', '', '{{}}', '', 1, 'sheet', now(), CASE WHEN verified THEN 'verified' ELSE 'open' END,
        CASE WHEN verified THEN now() END, '', 1
    FROM drawn JOIN villages v ON v.n = drawn.village
"""

TAKING_PART = """
    WITH women AS (
        SELECT member_id, village_id, row_number() OVER (PARTITION BY village_id ORDER BY id) - 1 AS n
        FROM members_membership
    )
    INSERT INTO reports_activitymember (activity_id, member_id)
    SELECT a.id, w.member_id FROM reports_activity a
    JOIN women w ON w.village_id = a.village_id AND w.n = a.id % {members} ORDER BY a.id
"""


def fill(rows: int, counties: int = 1) -> None:
    """`rows` activities of a year over the villages, each by one member; all insured, most of them trained."""
    from reports import kinds  # noqa: PLC0415 - when Django is set up

    villages = TOWNSHIPS * VILLAGES
    keys = list(kinds.KINDS)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # keys are known to be right
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'reports_activity'")
        indexes = [each for each in cursor.fetchall() if not each[0].endswith("_pkey")]
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(COUNCILS.format(counties=counties, townships=TOWNSHIPS // counties, villages=VILLAGES))
        cursor.execute(ZONES)
        cursor.execute(MEMBERS_OF.format(count=villages * MEMBERS, members=MEMBERS))
        for each in (ASSIGNED, INSURED, TRAINED):
            cursor.execute(each)
        cursor.execute(WORK.format(last=villages - 1, rows=rows), [[kinds.KINDS[key].role.value for key in keys], keys])
        cursor.execute(TAKING_PART.format(members=MEMBERS))
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def open_accounts() -> None:
    """County staff, and the chair and president of the first township and village."""
    from councils.models import Council  # noqa: PLC0415
    from tests.factories import make_account  # noqa: PLC0415

    for name, level in (("county", "county"), ("chair", "township"), ("president", "village")):
        make_account(Council.objects.filter(level=level).order_by("code")[0], username=name)
