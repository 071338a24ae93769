import { ConfigDef, NO_DEFAULT } from '../../api/config-def';
import { compositeValidator, nonEmptyString, validRegex } from '../../api/config-validators';
import { JavaPattern } from '../../java/regex/regex';
import { kafkaPredicate } from './kafka-predicate';

const CONFIG = new ConfigDef().define({
  name: 'pattern',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  validator: compositeValidator(nonEmptyString, validRegex),
  importance: 'MEDIUM',
  doc: "A Java regular expression for matching against the name of a record's topic.",
});

/** True for records of topics whose whole name matches (org.apache.kafka.connect.transforms.predicates.TopicNameMatches). */
export const topicNameMatchesPlugin = kafkaPredicate('TopicNameMatches', CONFIG, config => {
  const pattern = new JavaPattern(config.getString('pattern'));
  /** The last topic, since successive records often have the same one. */
  let last: { readonly topic: string; readonly matches: boolean } | null = null;
  const test = ({ topic }: { readonly topic: string }): boolean => {
    if (last?.topic !== topic) last = { topic, matches: pattern.matches(topic) };
    return last.matches;
  };
  return { test, testShape: test };
});
