/** The definition of settings that the vectors of ConfigDef.parse are written against. */
import { ConfigDef, type ConfigKey, NO_DEFAULT } from '../../../src/api/config-def';
import {
  anyNonDuplicateValues,
  atLeast,
  between,
  caseInsensitiveValidString,
  compositeValidator,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  validList,
  validString,
} from '../../../src/api/config-validators';

/** A key with what most of them have. */
export const key = (name: string, more: Partial<ConfigKey> = {}): ConfigKey => ({
  name,
  type: 'STRING',
  defaultValue: 'x',
  importance: 'LOW',
  doc: '',
  ...more,
});

/** The table of the vectors' README. */
export const VECTOR_DEF = [
  key('req', { defaultValue: NO_DEFAULT, importance: 'HIGH' }),
  key('int.between', { type: 'INT', defaultValue: 5, validator: between(1, 10) }),
  key('int.min', { type: 'INT', defaultValue: 5, validator: atLeast(1) }),
  key('long.min', { type: 'LONG', defaultValue: 5, validator: atLeast(0) }),
  key('double.min', { type: 'DOUBLE', defaultValue: 0.5, validator: between(0, 1, 'double') }),
  key('valid', { defaultValue: 'a', validator: validString('a', 'b') }),
  key('valid.ci', { defaultValue: 'a', validator: caseInsensitiveValidString('a', 'B') }),
  key('non.empty', { validator: nonEmptyString }),
  key('non.empty.ctl', { validator: nonEmptyStringWithoutControlChars }),
  key('non.null', { validator: nonNull }),
  key('list.in', { type: 'LIST', defaultValue: 'a', validator: validList('a', 'b', 'c') }),
  key('list.any', { type: 'LIST', defaultValue: 'a', validator: anyNonDuplicateValues(true, true) }),
  key('list.non.empty', { type: 'LIST', defaultValue: 'a', validator: anyNonDuplicateValues(false, false) }),
  key('list.plain', { type: 'LIST', defaultValue: '' }),
  key('composite', { defaultValue: 'ab', validator: compositeValidator(nonEmptyString, validString('ab', 'cd')) }),
  key('null.default', { defaultValue: null }),
  key('bool', { type: 'BOOLEAN', defaultValue: 'true' }),
  key('pass', { type: 'PASSWORD', defaultValue: null }),
  key('cls', { type: 'CLASS', defaultValue: null }),
].reduce((def, one) => def.define(one), new ConfigDef());
