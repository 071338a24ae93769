/** The layout of librdkafka's rd_kafka_message_t on 64-bit machines: 72 bytes; offsets of its members in 32-bit words. */
export const MESSAGE = {
  words: 18,
  bytes: 72,
  err: 0,
  topic: 2,
  partition: 4,
  payload: 6,
  length: 8,
  key: 10,
  keyLength: 12,
  offset: 14,
  opaque: 16,
} as const;
