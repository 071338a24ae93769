import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import { compositeValidator, nonEmptyString, validRegex } from '../api/config-validators';
import type { Props } from '../api/connector';
import type { PredicatePlugin } from '../api/plugin';
import type { Predicate } from '../api/transformation';
import type { ConnectRecord } from '../data/record';
import { JavaPattern } from '../java/regex';

const CONFIG = new ConfigDef().define({
  name: 'pattern',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  validator: compositeValidator(nonEmptyString, validRegex),
  importance: 'MEDIUM',
  doc: "A Java regular expression for matching against the name of a record's topic.",
});

/** True for records of topics whose whole name matches (org.apache.kafka.connect.transforms.predicates.TopicNameMatches). */
class TopicNameMatches implements Predicate {
  private pattern = new JavaPattern('');
  /** The topic seen last: records of one topic come in rows. */
  private last: { readonly topic: string; readonly matches: boolean } | null = null;

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.pattern = new JavaPattern(CONFIG.parse(props).getString('pattern'));
  }

  test({ topic }: ConnectRecord): boolean {
    if (this.last?.topic !== topic) this.last = { topic, matches: this.pattern.matches(topic) };
    return this.last.matches;
  }

  close(): void {}
}

export const topicNameMatchesPlugin: PredicatePlugin = {
  className: 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
  version: '4.3.0',
  type: 'predicate',
  create: () => new TopicNameMatches(),
};
