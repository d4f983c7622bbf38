/** How often a sub-call with a schema is asked again when its reply does not fit. A model that cannot do it in three tries will not. Such calls are paid, and are no sub-calls of the budget. */
export const MAX_SCHEMA_REPAIRS = 2;
