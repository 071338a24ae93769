/** `jdbc:sqlite:<file>[?name=value&...]`, also as `file:` URI; empty and `:memory:` are databases in memory. */
import { type JdbcAddress, Properties } from './jdbc-address';
import { decode, readQuery } from './url-parts';

export function readSqliteUrl(text: string): JdbcAddress {
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  const file = path.startsWith('file:') ? decode(path.slice(5).replace(/^\/\/(?=\/)/, '')) : path;
  const properties = new Properties(question < 0 ? [] : readQuery(text.slice(question + 1)));
  const database = file === '' ? ':memory:' : file;
  return { kind: 'sqlite', hosts: [], database, user: null, password: null, properties, display: `jdbc:sqlite:${database}` };
}
