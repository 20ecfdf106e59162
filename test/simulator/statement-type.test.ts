import { expect, test } from 'vitest';
import { statementsOf, statementTypeOf } from '../../simulator/statement-type.ts';

test.each([
  ['SELECT 1', 'SELECT'],
  ['  -- INSERT\n/* DELETE */ with a as (select 1) select * from a;', 'SELECT'],
  ['insert into t select 1', 'INSERT'],
  ['UPDATE t SET a = 1 WHERE TRUE', 'UPDATE'],
  ['delete from t where true', 'DELETE'],
  ['MERGE t USING s ON TRUE WHEN MATCHED THEN DELETE', 'MERGE'],
  ['TRUNCATE TABLE t', 'TRUNCATE_TABLE'],
  ['CREATE TABLE t (a INT64)', 'CREATE_TABLE'],
  ['create or replace table t\nas\nselect 1', 'CREATE_TABLE_AS_SELECT'],
  ["CREATE TABLE t OPTIONS(description='AS SELECT') ", 'CREATE_TABLE'],
  ['CREATE VIEW v AS SELECT 1', 'CREATE_VIEW'],
  ['CREATE TEMP FUNCTION f() AS (1)', 'CREATE_FUNCTION'],
  ['DROP TABLE t', 'DROP_TABLE'],
  ['ALTER TABLE t ADD COLUMN a INT64', 'ALTER_TABLE'],
  ['CALL p()', 'CALL'],
  ["EXPORT DATA OPTIONS(uri='gs://b/*') AS SELECT 1", 'EXPORT_DATA'],
  ['SELECT 1; SELECT 2', 'SCRIPT'],
  ['DECLARE x INT64 DEFAULT 1', 'SCRIPT'],
  ['BEGIN SELECT 1; END', 'SCRIPT'],
  ["SELECT ';' FROM `a;b` # ; \n", 'SELECT'],
  ['', 'SELECT'],
])('%j is %s', (query, statementType) => {
  expect(statementTypeOf(query)).toBe(statementType);
});

test('a script is cut at its semicolons, not at those in its strings', () => {
  expect(statementsOf("SELECT ';';\n -- ; \n SELECT 2 ;;")).toEqual(["SELECT ';'", '-- ; \n SELECT 2']);
});
