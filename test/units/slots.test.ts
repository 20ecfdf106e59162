import { expect, test } from 'vitest';
import { printMeasured } from '../../shared/units/amount.ts';
import { AmountError } from '../../shared/units/errors.ts';
import { parseSlots, printSlots } from '../../shared/units/slots.ts';

test.each([
  ['500', 500],
  ['500 slots', 500],
  ['1 slot', 1],
  ['0.5slots', 0.5],
])('%s is %d slots', (text, slots) => {
  expect(parseSlots(text)).toBe(slots);
});

test.each([
  ['', 'is no number of slots'],
  ['many', 'is no number of slots'],
  ['500 TiB', 'is no number of slots'],
  ['0.0001', 'is no number of slots'],
  ['0 slots', 'is zero; a number of slots must be above zero'],
  ['-5', 'is negative; a number of slots must be above zero'],
  ['10000001', 'is more than ten million'],
])('%j %s', (text, problem) => {
  expect(() => parseSlots(text)).toThrow(AmountError);
  expect(() => parseSlots(text)).toThrow(problem);
});

test.each([
  [500, '500 slots'],
  [1, '1 slot'],
  [0.5, '0.5 slots'],
])('%d is printed as %s', (slots, text) => {
  expect(printSlots(slots)).toBe(text);
  expect(parseSlots(text)).toBe(slots);
});

test.each([
  [812.77, 500, '812 slots'],
  [500.4, 500, '500.4 slots'],
  [500.0004, 500, '500.0004 slots'],
  [1.26, 500, '1.2 slots'],
])('%d beside %d is told as %s, cut and never so far that it reads as kept', (slots, allowed, text) => {
  expect(printMeasured('slots', slots, allowed)).toBe(text);
});
