import { describe, expect, test } from 'vitest';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { fieldText } from '../../shared/sensitive/field-text.ts';

const RESOURCE = {
  user_email: 'ada@example.com',
  configuration: {
    labels: { team: 'data', card: '4111111111111111' },
    query: {
      query: "SELECT 'jane@example.com',\n1",
      queryParameters: [
        { name: 'a', parameterValue: { value: 'first' } },
        { name: 'b', parameterValue: { arrayValues: [{ value: 'second' }, { value: 'jane@example.com' }] } },
      ],
    },
  },
};

describe('the text of a field', () => {
  test.each([
    ['configuration.query.query', "SELECT 'jane@example.com',\n1"],
    ['configuration.query.queryParameters[].parameterValue', 'first\nsecond\njane@example.com'],
    ['configuration.query.queryParameters[].name', 'a\nb'],
    ['configuration.labels', 'card\nteam\ndata\n4111111111111111'],
    ['user_email', ''],
    ['configuration.load.sourceUris', ''],
    ['', ''],
  ])('%s is all of it, names first', (field, expected) => {
    expect(fieldText(RESOURCE, field)).toBe(expected);
  });

  test('is never empty where something was found', () => {
    const findings = detect(RESOURCE, ALL_DETECTORS);
    expect(findings.length).toBeGreaterThan(2);
    for (const { field } of findings) expect(fieldText(RESOURCE, field)).not.toBe('');
  });
});
