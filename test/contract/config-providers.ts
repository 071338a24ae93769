/** What the kit gives to the built-in config providers, by simple name. */
import { EnvVarConfigProvider } from '../../src/config/providers/env-var-config-provider';
import type { ConfigProviderSubject } from '../../src/testing';
import { TempDir } from '../helpers/temp-dir';

const VALUES = { user: 'ada', password: 'päss=word' };
const NOWHERE = '/nowhere/at/all';

export const CONFIG_PROVIDER_CASES: Readonly<Record<string, Partial<ConfigProviderSubject> & Pick<ConfigProviderSubject, 'prepare'>>> = {
  FileConfigProvider: {
    prepare: () => {
      const dir = new TempDir('contract');
      const path = dir.write('secrets.properties', 'user=ada\npassword=päss=word\nother=x\n');
      return {
        props: { 'allowed.paths': dir.path },
        path,
        values: VALUES,
        missing: ['', NOWHERE, dir.file('none'), dir.path],
        close: () => dir.remove(),
      };
    },
    badSettings: { 'allowed.paths': NOWHERE },
  },
  DirectoryConfigProvider: {
    prepare: () => {
      const dir = new TempDir('contract');
      for (const [name, value] of Object.entries(VALUES)) dir.write(name, value);
      dir.write('other', 'x');
      return {
        props: { 'allowed.paths': dir.path },
        path: dir.path,
        values: VALUES,
        missing: ['', NOWHERE, dir.file('user')],
        close: () => dir.remove(),
      };
    },
    badSettings: { 'allowed.paths': NOWHERE },
  },
  EnvVarConfigProvider: {
    create: () => new EnvVarConfigProvider({ ...VALUES, other: 'x' }),
    prepare: () => ({ path: '', values: VALUES, missing: ['user', NOWHERE] }),
    badSettings: { 'allowlist.pattern': '(' },
  },
};
