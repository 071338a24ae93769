CREATE TABLE orders (
  id serial PRIMARY KEY,
  customer varchar(50),
  amount numeric(10, 2),
  updated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
INSERT INTO orders (customer, amount) VALUES ('Ada', 12.50), ('Grace', 99.00), (NULL, NULL);
