import { SOURCE_DEFS } from '../../../../src/connectors/jdbc/config/source-keys';
import type { TableId } from '../../../../src/connectors/jdbc/database/table-id';
import { createTopicNamer, refuseSharedTopics, type TopicNamer } from '../../../../src/connectors/jdbc/source/topic-names';
import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the source fills it in

const table = (name: string, schema: string | null = null, catalog: string | null = null): TableId => ({ catalog, schema, table: name });

function namerOf(settings: Record<string, string>, url = 'jdbc:postgresql://localhost/shop'): TopicNamer {
  const config = SOURCE_DEFS.confluent.parse({ mode: 'bulk', 'connection.url': url, 'topic.prefix': 'p-', ...settings });
  return createTopicNamer(config, readJdbcUrl(url));
}

test.each<[string, string, string, TableId]>([
  // as in Java: what the table is called, whatever Kafka thinks of it
  ['jdbc:postgresql://localhost/shop', '', 'p-a b', table('a b', 'public')],
  ['jdbc:postgresql://localhost/shop', '${table}', 'p-a_b', table('a b', 'public')],
  ['jdbc:postgresql://localhost/shop', '${database}.${schema}.${table}', 'p-shop.public.a', table('a', 'public')],
  ['jdbc:mysql://localhost/', '${database}-${schema}-${table}-x', 'p-shop-shop-a-x', table('a', null, 'shop')],
  ['jdbc:sqlserver://localhost;databaseName=x', '${database}.${schema}.${table}', 'p-shop.dbo.a', table('a', 'dbo', 'shop')],
  ['jdbc:sqlite:/var/lib/my shop.db', '${database}.${schema}.${table}', 'p-my_shop.my_shop.gr__e', table('größe')],
])('%s with %s: %s', (url, format, topic, id) => {
  expect(namerOf({ 'topic.format': format }, url)({ table: id })).toBe(topic);
});

test('a query has topic.prefix, and a topic that is too long is refused', () => {
  expect(namerOf({})({ query: 'SELECT 1' })).toBe('p-');
  expect(() => namerOf({ 'topic.format': '${table}' })({ table: table('x'.repeat(248), 'public') })).toThrow(
    /public\.xxx.* 250 characters/,
  );
});

test('tables that would share a topic are refused, also where only the underscores make them alike', () => {
  const both = [table('a b', 'public'), table('a_b', 'public')];
  expect(() => refuseSharedTopics(both, namerOf({}))).not.toThrow();
  expect(() => refuseSharedTopics(both, namerOf({ 'topic.format': '${table}' }))).toThrow(/public\.a b and public\.a_b .* p-a_b/);
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the source fills it in
