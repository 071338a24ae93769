import { isHopeless, isNoFaultOfRecord } from '../../../src/kafka/native/kafka-error';
import { findLibrdkafka, loadLibrdkafka } from '../../../src/kafka/native/librdkafka';

describe("librdkafka's codes", () => {
  const lib = loadLibrdkafka(findLibrdkafka());

  // Errors.java, those with a RetriableException that librdkafka hands back; it was asked on its mock cluster.
  test.each([13, 41, 51, 72, 74, 75, 78, 80, 83, 89, 100, 103])('%d, which Java tries again, is about no record', code => {
    expect(String(lib.errorName(code))).not.toMatch(/^(?:UNKNOWN$|ERR_)/);
    expect(isNoFaultOfRecord(lib, code)).toBe(true);
  });

  test.each([-1, 10, 87])('%d, which Java does not try again, is about its record', code => {
    expect(isNoFaultOfRecord(lib, code)).toBe(false);
  });

  test.each([-199, -198, -170])('%d, records that are damaged on a disk or of an unknown kind, is cured by no waiting', code => {
    expect(isHopeless(lib, code)).toBe(true);
  });

  test.each([-195, 5, 6, 7, 14, 15, 16])('%d may pass', code => {
    expect(isHopeless(lib, code)).toBe(false);
  });
});
