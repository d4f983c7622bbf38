/** A service of the shop whose logs the demo generates. */
export interface Service {
  readonly name: string;
  /** Share of the log lines, relative to the others. */
  readonly weight: number;
  /** Services it calls. */
  readonly dependsOn: readonly string[];
  /** What its routine lines are about. */
  readonly paths: readonly string[];
  readonly work: string;
}

export const SERVICES: readonly Service[] = [
  { name: "gateway", weight: 5, dependsOn: ["checkout", "catalog", "search", "auth", "orders"], paths: ["/api/cart", "/api/items", "/api/login"], work: "routes" },
  { name: "checkout", weight: 3, dependsOn: ["payments", "inventory", "shipping"], paths: ["/v1/checkout", "/v1/quote"], work: "baskets" },
  { name: "payments", weight: 3, dependsOn: ["ledger", "fraud"], paths: ["/v1/charge", "/v1/refund"], work: "charges" },
  { name: "orders", weight: 3, dependsOn: ["inventory", "payments", "notifications"], paths: ["/v1/orders", "/v1/orders/history"], work: "orders" },
  { name: "inventory", weight: 2, dependsOn: ["warehouse"], paths: ["/v2/stock", "/v2/reserve"], work: "reservations" },
  { name: "catalog", weight: 3, dependsOn: ["pricing", "media"], paths: ["/v1/products", "/v1/categories"], work: "products" },
  { name: "search", weight: 2, dependsOn: ["indexer"], paths: ["/search", "/suggest"], work: "queries" },
  { name: "auth", weight: 2, dependsOn: ["sessions"], paths: ["/token", "/introspect"], work: "logins" },
  { name: "notifications", weight: 1.5, dependsOn: ["mailer"], paths: ["/v1/notify"], work: "messages" },
  { name: "shipping", weight: 1.5, dependsOn: ["warehouse"], paths: ["/v1/rates", "/v1/labels"], work: "parcels" },
  { name: "ledger", weight: 1.5, dependsOn: [], paths: ["/entries", "/balances"], work: "entries" },
  { name: "fraud", weight: 1.5, dependsOn: [], paths: ["/score"], work: "scores" },
  { name: "warehouse", weight: 1.5, dependsOn: [], paths: ["/bins", "/picks"], work: "picks" },
  { name: "pricing", weight: 1.5, dependsOn: [], paths: ["/prices", "/discounts"], work: "prices" },
  { name: "media", weight: 1.5, dependsOn: [], paths: ["/img", "/thumb"], work: "images" },
  { name: "indexer", weight: 1.5, dependsOn: [], paths: ["/segments"], work: "documents" },
  { name: "sessions", weight: 1.5, dependsOn: [], paths: ["/session"], work: "sessions" },
  { name: "mailer", weight: 1.5, dependsOn: [], paths: ["/outbox"], work: "mails" },
];

/** Names of the services that call `name` directly. */
export function findDependents(name: string): readonly string[] {
  return SERVICES.filter((service) => service.dependsOn.includes(name)).map((service) => service.name);
}
