import { expect, test } from 'vitest';
import { personOf } from '../../cli/person.ts';

test.for([
  { name: 'the operating system is asked first', user: 'ada', environment: { USER: 'root' }, person: 'ada' },
  { name: 'and needs no environment', user: 'ada', environment: {}, person: 'ada' },
  {
    name: 'where it has no name, the environment says',
    user: undefined,
    environment: { USER: '', LOGNAME: 'bob' },
    person: 'bob',
  },
  { name: 'also on Windows', user: undefined, environment: { USERNAME: 'cy' }, person: 'cy' },
  { name: 'what nobody knows is said so', user: undefined, environment: {}, person: 'somebody' },
])('$name', ({ user, environment, person }) => {
  expect(personOf({ user, environment })).toBe(person);
});
