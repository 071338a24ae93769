import { uninheritedSecurity } from '../../../src/config/clients/inherited-security';
import { adminProps, consumerProps, dlqProducerProps, producerProps } from '../../../src/kafka/settings/client-props';

const OWN = {
  'bootstrap.servers': 'h:1',
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'PLAIN',
  'ssl.truststore.location': '/t',
  'linger.ms': '9',
};
const INHERIT = { ...OWN, 'clients.inherit.security': 'true' };
const SECURITY = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN', 'ssl.truststore.location': '/t' };
const owner = { connector: 'c', task: 0 };

test.each([producerProps, consumerProps, dlqProducerProps])(
  'a client gets them only where it is asked for, and its own count before them',
  make => {
    expect(Object.keys(make(OWN, {}, owner)).filter(key => /^s/.test(key))).toEqual([]);
    expect(make(INHERIT, {}, owner)).toMatchObject(SECURITY);
    expect(make(INHERIT, {}, owner)).not.toHaveProperty('linger.ms');
    const own = { 'producer.sasl.mechanism': 'A', 'consumer.sasl.mechanism': 'A' };
    expect(make({ ...INHERIT, ...own }, {}, owner)).toMatchObject({ ...SECURITY, 'sasl.mechanism': 'A' });
    const overridden = { 'producer.override.sasl.mechanism': 'B', 'consumer.override.sasl.mechanism': 'B' };
    expect(make({ ...INHERIT, ...own }, overridden, owner)).toMatchObject({ ...SECURITY, 'sasl.mechanism': 'B' });
  },
);

test('the admin client has them in any case', () => {
  expect(adminProps(OWN, {}, 'a')).toMatchObject(SECURITY);
});

test('it is said who goes without', () => {
  expect(uninheritedSecurity(OWN)).toMatch(
    /^security\.protocol, sasl\.mechanism: .*below producer\. and consumer\. too, or clients\.inherit\.security=true/,
  );
  expect(uninheritedSecurity({ ...OWN, 'producer.security.protocol': 'SSL' })).toMatch(/below consumer\. too/);
  expect(uninheritedSecurity({ ...OWN, 'producer.security.protocol': 'SSL', 'consumer.sasl.mechanism': 'PLAIN' })).toBeUndefined();
  expect(uninheritedSecurity(INHERIT)).toBeUndefined();
  expect(uninheritedSecurity({ 'bootstrap.servers': 'h:1', 'ssl.keystore.location': '/rest' })).toBeUndefined();
});
