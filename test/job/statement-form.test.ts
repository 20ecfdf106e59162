import { describe, expect, it, test } from 'vitest';
import { statementForm } from '../../shared/job/statement-form.ts';

describe('one query and nothing else', () => {
  test.each([
    'SELECT 1',
    '  select 1 ; ;\n',
    '-- DELETE FROM t;\nSELECT 1',
    '#standardSQL\n/* DROP TABLE t; */ WITH a AS (SELECT 1) SELECT * FROM a',
    '((SELECT 1) UNION ALL (SELECT 2))',
    'FROM ds.t',
    "SELECT '; DELETE FROM t' AS x",
    'SELECT """it\'s; "quoted" """, r"\\"; DROP", \'\'\'a;b\'\'\'',
    'SELECT `a;b` FROM `p.d.t;`',
    '#legacySQL\nSELECT a FROM [p:d.t] -- ; DELETE',
  ])('is %j', (sql) => {
    expect(statementForm(sql).plainSelect).toBe(true);
  });

  test.each([
    '',
    ';',
    'SELECT 1; SELECT 2',
    "SELECT 'a'; DELETE FROM t",
    "SELECT 'a\\\\'; DELETE FROM t WHERE x = 'b'",
    'SELECT 1 /* c */; /* c */ DROP TABLE t',
    'SELECT 1 -- c\r; INSERT d.t SELECT 1',
    '# c\rINSERT d.t SELECT 1',
    'CREATE TEMP FUNCTION f() AS (1); SELECT f()',
    'INSERT INTO t SELECT 1',
    'FROM ds.t |> EXPORT DATA OPTIONS (uri = "gs://b/*")',
    'BEGIN SELECT 1; END',
    'selected',
  ])('is not %j', (sql) => {
    expect(statementForm(sql).plainSelect).toBe(false);
  });
});

describe('a guarded CREATE', () => {
  test.each([
    'CREATE OR REPLACE TABLE d.t AS SELECT 1',
    'create /* c */ or -- c\n replace view d.v as select 1',
    'CREATE TABLE IF NOT EXISTS d.t (x INT64)',
    'CREATE SEARCH INDEX IF NOT EXISTS i ON d.t(ALL COLUMNS)',
    'CREATE TEMP AGGREGATE FUNCTION IF NOT EXISTS f() AS (1);',
  ])('is %j', (sql) => {
    expect(statementForm(sql).guardedCreate).toBe(true);
  });

  test.each([
    'CREATE TABLE d.t AS SELECT 1',
    'CREATE TABLE `IF NOT EXISTS` AS SELECT 1',
    'CREATE TABLE d.t AS SELECT "OR REPLACE", "IF NOT EXISTS"',
    '-- CREATE OR REPLACE\nCREATE TABLE d.t (x INT64)',
    'CREATE TABLE /* IF NOT EXISTS */ d.t (x INT64)',
    'CREATE PROCEDURE d.p() BEGIN IF NOT EXISTS (SELECT 1) THEN SELECT 1; END IF; END',
    'CREATE TABLE d.t AS SELECT IF(NOT EXISTS(SELECT 1), 1, 2)',
    'CREATE OR REPLACE TABLE d.t (x INT64); DROP TABLE d.u',
    'SELECT 1',
    'CREATE',
  ])('is not %j', (sql) => {
    expect(statementForm(sql).guardedCreate).toBe(false);
  });
});

describe('a MERGE that leaves the same behind when it is repeated', () => {
  test.each([
    ['MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', false],
    ['-- c\rMERGE d.t USING d.s # c\rON FALSE WHEN NOT MATCHED THEN INSERT ROW', false],
    ['merge into d.t t using (select 1 x) s on ((false)) when not matched by target then insert row', false],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE THEN DELETE',
      true,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED BY SOURCE /* c */ THEN DELETE WHEN NOT MATCHED THEN INSERT (d) VALUES (d);',
      true,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE AND d = 1 THEN DELETE',
      false,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED BY SOURCE AND d IN (1, 2) THEN DELETE WHEN NOT MATCHED THEN INSERT ROW',
      false,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED BY SOURCE AND d = 1 THEN UPDATE SET x = 1 WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED THEN INSERT ROW',
      false,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET now = FALSE WHEN NOT MATCHED THEN INSERT ROW',
      false,
    ],
    [
      'MERGE d.t USING (SELECT count(*) n FROM d.s GROUP BY source) ON FALSE WHEN NOT MATCHED THEN INSERT ROW',
      false,
    ],
    [
      'MERGE d.t USING (SELECT max(x) OVER (PARTITION BY source) FROM d.s) ON FALSE WHEN NOT MATCHED THEN INSERT ROW',
      false,
    ],
    [
      'MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT VALUES ((CASE WHEN NOT matched BY source THEN delete END))',
      false,
    ],
    ['MERGE d.t USING d.s ON t.id = s.id /* ON FALSE */ WHEN NOT MATCHED THEN INSERT ROW', true],
    ['SELECT 1 FROM a JOIN b ON FALSE', false],
    ['@{a = 1} MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', false],
    ['@2 MERGE d.t USING d.s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW', false],
    ['; MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', false],
    ['MERGE d.t USING d.s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW; INSERT d.t SELECT 1', false],
    ['\uFEFFMERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', false],
  ])('%j: %s', (sql, expected) => {
    expect(statementForm(sql).repeatableMerge).toBe(expected);
  });
});

it('reads any text to its end, unfinished comments and literals too', () => {
  for (const sql of ['/*', '--', "'", '"""', '`', "'\\", 'SELECT "a', 'CREATE OR', 'MERGE ON']) {
    expect(statementForm(sql)).toMatchObject({
      guardedCreate: false,
      repeatableMerge: sql.startsWith('MERGE'),
    });
  }
});
