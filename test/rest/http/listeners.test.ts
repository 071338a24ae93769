import { parseListener } from '../../../src/rest/http/listeners';

describe('listeners are taken apart when the server is built', () => {
  test.each([
    ['http://:8083', { protocol: 'http', host: '', port: 8083 }],
    ['HTTPS://my-host:1', { protocol: 'https', host: 'my-host', port: 1 }],
    ['http://[::1]:0', { protocol: 'http', host: '::1', port: 0 }],
  ])('%s', (url, wanted) => {
    expect(parseListener(url)).toEqual({ text: url, ...wanted });
  });

  test.each([
    ['foo', "Listener doesn't have the right format (protocol://hostname:port)."],
    ['http://host', "Listener doesn't have the right format (protocol://hostname:port)."],
    ['http://host:1/path', "Listener doesn't have the right format (protocol://hostname:port)."],
    ['ftp://host:1', 'Listener protocol must be either "http" or "https".'],
  ])('%s', (url, problem) => {
    expect(() => parseListener(url)).toThrow(problem);
  });
});
