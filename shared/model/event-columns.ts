/** The columns that every event of a stream has, in their order. Behind them comes a column for each attribute. */
export const eventColumns = ['source', 'topic', 'partition', 'offset', 'time', 'broker_time', 'type', 'key', 'late', 'id', 'correlationid', 'causationid', 'payload'] as const

/** What no attribute's name begins with. */
const prefix = 'attribute '

/**
 * The column of an attribute in a stream: its name, or `attribute id` for an attribute that is named like a column of every
 * event. Arrow gives two columns of one name the type of the first, and can then read neither.
 */
export function attributeField(name: string): string {
  return (eventColumns as readonly string[]).includes(name.toLowerCase()) ? `${prefix}${name}` : name
}

/** The attribute that a column of a stream holds. */
export function attributeOfField(field: string): string {
  return field.startsWith(prefix) ? field.slice(prefix.length) : field
}
