import { hideUrlSecrets } from '../../../src/config/clients/url-secrets';

test.each([
  ['GET "https://h:1/token?key=geheim&x=1": 401', 'GET "https://h:1/token?[hidden]": 401'],
  ['https://user:geheim@h/token', 'https://h/token'],
  ['http://geheim@h', 'http://h'],
  ['https://h/a b http://i?geheim', 'https://h/a b http://i?[hidden]'],
  ['ssl://127.0.0.1:1/bootstrap: failed?', 'ssl://127.0.0.1:1/bootstrap: failed?'],
])('%s is shown without secrets', (text, shown) => expect(hideUrlSecrets(text)).toBe(shown));
