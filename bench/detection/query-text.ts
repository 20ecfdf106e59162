/** A report as analysts write it: names of tables with dates, keys, an id that is a hash, a comment with an address. */
const STATEMENT = `
-- Revenue by shop and channel, see https://wiki.shop.example/reports/revenue#keys; runs every day at 06:00
WITH orders AS (
  SELECT o.order_id, o.customer_key, o.session_id, o.created_at, o.currency, o.amount_cents / 100 AS amount,
    SAFE_CAST(JSON_VALUE(o.payload, '$.shipping.address.country') AS STRING) AS country,
    ROW_NUMBER() OVER (PARTITION BY o.order_id ORDER BY o.updated_at DESC) AS newest
  FROM \`shop-prod.sales.orders_20260101\` AS o
  WHERE o.created_at BETWEEN TIMESTAMP('2026-01-01 00:00:00+00') AND TIMESTAMP('2026-02-01 00:00:00+00')
    AND o.order_id NOT IN (1000234567, 1000234568, 1000234569) AND o.state IN ('PAID', 'SHIPPED', 'RETURNED')
    AND o.campaign_id != 'b1946ac92492d2347c6235b4d2611184' AND NOT o.is_test
), customers AS (
  SELECT c.customer_key, ANY_VALUE(c.segment) AS segment, MAX(c.last_login_at) AS last_login_at,
    COUNT(DISTINCT IF(c.has_newsletter, c.customer_key, NULL)) AS with_newsletter
  FROM \`shop-prod.crm.customers\` AS c LEFT JOIN \`shop-prod.crm.consents\` AS k USING (customer_key)
  WHERE k.purpose = 'analytics' AND k.revoked_at IS NULL AND c.email_domain = @domain
  GROUP BY customer_key
)
SELECT country, segment, DATE_TRUNC(DATE(created_at, 'Europe/Berlin'), WEEK(MONDAY)) AS week,
  COUNT(*) AS orders, ROUND(SUM(amount), 2) AS revenue, APPROX_QUANTILES(amount, 100)[OFFSET(50)] AS median
FROM orders JOIN customers USING (customer_key) WHERE newest = 1
GROUP BY ALL HAVING revenue > 0 ORDER BY week DESC, revenue DESC LIMIT 1000;
`;

/** Query text in which nothing is to be found, of so many characters. */
export function queryText(characters: number): string {
  const text = STATEMENT.repeat(Math.ceil(characters / STATEMENT.length)).slice(0, characters);
  // As it comes from the network: in one piece, and not as a rope of repeats.
  return Buffer.from(text).toString();
}

/** Text that is nothing but the words after which secrets stand, and no secret: the dearest that there is. */
export function temptingText(characters: number): string {
  const words = `password = @p, secret: see eyJ AKIA ghp_ -----BEGIN x@y 4111 1111 Bearer basic https://a:b api_key `;
  return Buffer.from(words.repeat(Math.ceil(characters / words.length)).slice(0, characters)).toString();
}
