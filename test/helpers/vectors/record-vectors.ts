/** Runs golden vectors of transformations and predicates: plugins of the public API, made and configured as a task does. */
import type { Predicate, Transformation } from '../../../src/api/transformation';
import { type Json, recordFrom, recordToJson } from './tagged-data';
import { judge, type VectorCase, type VectorResult } from './vectors';

/** Runs one case of a transformation; the expected record is read and written once, so that texts of equal records are equal. */
export function runTransformationCase(test: VectorCase, create: () => Transformation): VectorResult {
  const input = recordFrom(test.input);
  const expect = test.expect ? recordToJson({ ...input, ...recordFrom(test.expect), ...originOf(input) }) : test.expect;
  const comparable = { ...test, ...(expect === undefined ? {} : { expect }) };
  return judge(comparable, stage => {
    const transformation = create();
    transformation.configure(test.config);
    stage.at = 'apply';
    const result = transformation.apply(input);
    transformation.close();
    return result === null ? null : recordToJson(result);
  });
}

/** What no transformation changes. */
function originOf(input: ReturnType<typeof recordFrom>): object {
  if (!('kafkaOffset' in input)) return {};
  const { originalTopic, originalKafkaPartition, originalKafkaOffset } = input;
  return { originalTopic, originalKafkaPartition, originalKafkaOffset };
}

/** Runs one case of a predicate. */
export function runPredicateCase(test: VectorCase, create: () => Predicate): VectorResult {
  return judge(test, (stage): Json => {
    const predicate = create();
    predicate.configure(test.config);
    stage.at = 'apply';
    const answer = predicate.test(recordFrom(test.input));
    predicate.close();
    return answer;
  });
}
