import { AppError } from '../../errors.ts'
import { parseFieldPath, type FieldPath } from '../../model/field-path.ts'
import type { AttributeType, TimeFormat } from '../../model/mapping.ts'
import { flink } from './dialect.ts'
import type { CompileSource, EventColumn } from './fields.ts'

const { literal } = flink
const nullText = 'CAST(NULL AS STRING)'

/** Reads what a mapping names out of the columns `payload`, `record_key`, `headers`, `partition` and `broker_time` of a table of Kafka records. */
export class FlinkRead {
  readonly source: CompileSource
  /** Whether the mapping names CloudEvents attributes: then records are read as CloudEvents, in either mode. */
  readonly isCloudEvents: boolean

  constructor(source: CompileSource) {
    this.source = source
    const { key, type, time, attributes } = source.mapping
    this.isCloudEvents = [key, type, time, ...attributes.map(({ path }) => path)].some((path) => path.startsWith('$ce.'))
  }

  /** Microseconds since the epoch; null where the record has no time. */
  time(): string {
    const { time, timeFormat } = this.source.mapping
    const mapped = parse(time).from === 'broker_time' ? brokerMicros : timeSql(this.text(time), timeFormat)
    if (!this.isCloudEvents) return mapped
    const context = this.context('time')
    return `COALESCE(${[...new Set([timeSql(context, 'iso'), mapped, `CASE WHEN ${this.context('specversion')} IS NOT NULL THEN ${brokerMicros} END`])].join(', ')})`
  }

  type(): string {
    const mapped = this.text(this.source.mapping.type)
    return this.isCloudEvents && mapped !== this.context('type') ? `COALESCE(${this.context('type')}, ${mapped})` : mapped
  }

  /** A column of `events` that is asked for. Of a source that has no such attribute it is null. */
  column({ name, type }: EventColumn): string {
    const { mapping } = this.source
    if (name === 'key') return this.text(mapping.key)
    const attribute = name.startsWith('a_') ? mapping.attributes.find((one) => `a_${one.name.toLowerCase()}` === name) : undefined
    if (attribute !== undefined) return attributeSql(this.text(attribute.path), attribute.type)
    if (name.startsWith('a_') || !this.isCloudEvents) return `CAST(NULL AS ${typeName(type)})`
    return this.context(name)
  }

  /** A CloudEvents attribute: in the payload of a structured event, in a header of a binary one. */
  context(name: string): string {
    if (!this.isCloudEvents) return nullText
    return `CASE WHEN ${isStructured} THEN ${jsonText([{ name }])} ELSE ${headerText(`ce_${name}`)} END`
  }

  /** The text at a path of the mapping. @throws AppError BAD_MAPPING */
  private text(path: string): string {
    const parsed = parse(path)
    switch (parsed.from) {
      case 'payload':
        return this.payload(parsed)
      case 'key':
        return flink.identifier('record_key')
      case 'topic':
        return literal(this.source.topic)
      case 'partition':
        return 'CAST(`partition` AS STRING)'
      case 'broker_time':
        return 'CAST(`broker_time` AS STRING)'
      case 'header':
        return headerText(parsed.name)
      case 'ce':
        return this.context(parsed.name)
      case 'constant':
        return literal(parsed.value)
    }
  }

  private payload({ steps }: FieldPath & { from: 'payload' }): string {
    if (this.source.format === 'text') return steps.length === 1 && steps[0] !== undefined && 'name' in steps[0] && steps[0].name === 'text' ? '`payload`' : nullText
    if (steps.some((step) => 'each' in step)) throw new AppError('BAD_REQUEST', `Flink SQL cannot read the path ${this.pathText(steps)} as one text: it names every element of a list.`, { hint: 'Map one element, such as items[0].sku.' })
    return this.isCloudEvents ? `CASE WHEN ${isStructured} THEN ${jsonText([{ name: 'data' }, ...steps])} ELSE ${jsonText(steps)} END` : jsonText(steps)
  }

  private pathText(steps: (FieldPath & { from: 'payload' })['steps']): string {
    return steps.map((step) => ('name' in step ? step.name : 'index' in step ? `[${step.index}]` : '[*]')).join('.')
  }
}

/** The Flink type of a column. Times are whole microseconds. */
export function typeName(type: EventColumn['type']): string {
  return { text: 'STRING', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', time: 'BIGINT', micros: 'BIGINT' }[type]
}

const isStructured = `COALESCE(LOWER(${headerText('content-type')}) LIKE 'application/cloudevents%', FALSE)`
const brokerMicros = '(CAST(EXTRACT(EPOCH FROM `broker_time`) AS BIGINT) * 1000000 + MOD(CAST(EXTRACT(MILLISECOND FROM `broker_time`) AS BIGINT), 1000) * 1000)'

function parse(path: string): FieldPath {
  const parsed = parseFieldPath(path)
  if (parsed.ok) return parsed.value
  throw new AppError('BAD_MAPPING', `The path ${path} cannot be read: ${parsed.error.message}`, parsed.error.hint === undefined ? {} : { hint: parsed.error.hint })
}

function headerText(name: string): string {
  return `DECODE(\`headers\`[${literal(name)}], 'UTF-8')`
}

/** A name that a JSON path cannot say would be another path. */
function jsonText(steps: readonly ({ readonly name: string } | { readonly index: number } | { readonly each: true })[]): string {
  const path = steps.map((step) => ('name' in step ? `['${step.name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']` : 'index' in step ? `[${step.index}]` : '[*]')).join('')
  return `JSON_VALUE(\`payload\`, ${literal(`lax $${path}`)})`
}

function attributeSql(text: string, type: AttributeType): string {
  if (type === 'text') return text
  if (type === 'time') return timeSql(text, 'iso')
  const cast = `TRY_CAST(${text} AS ${typeName(type)})`
  // the cast alone would make an integer of 2.5
  return type === 'integer' ? `CASE WHEN POSITION('.' IN ${text}) = 0 THEN ${cast} END` : cast
}

const isoPattern = '^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.]([0-9]+))?)?)? ?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2})?)?$'

/** Flink reads no zones: the parts of an ISO 8601 text are put together by hand, to the microsecond. A time without a zone is UTC. */
function timeSql(text: string, format: TimeFormat): string {
  if (format !== 'iso') {
    const scale = { epoch_s: ' * 1000000', epoch_ms: ' * 1000', epoch_us: '', epoch_ns: ' / 1000' }[format]
    return `CAST(FLOOR(TRY_CAST(${text} AS DECIMAL(30, 6))${scale}) AS BIGINT)`
  }
  const part = (index: number): string => `REGEXP_EXTRACT(${text}, ${literal(isoPattern)}, ${index})`
  const whole = (index: number): string => `COALESCE(TRY_CAST(${part(index)} AS BIGINT), 0)`
  const date = `TRY_CAST(${part(1)} || ' 00:00:00' AS TIMESTAMP(0))`
  // the cast makes February 28 of a 29 that is not there
  const days = `CASE WHEN DATE_FORMAT(${date}, 'yyyy-MM-dd') = ${part(1)} THEN TIMESTAMPDIFF(DAY, TIMESTAMP '1970-01-01 00:00:00', ${date}) END`
  const zone = `CASE ${part(6)} WHEN '-' THEN 1 WHEN '+' THEN -1 ELSE 0 END * (${whole(7)} * 3600 + ${whole(8)} * 60)`
  const fraction = `COALESCE(TRY_CAST(SUBSTRING(${part(5)} || '000000' FROM 1 FOR 6) AS BIGINT), 0)`
  return `((CAST(${days} AS BIGINT) * 86400 + ${whole(2)} * 3600 + ${whole(3)} * 60 + ${whole(4)} + ${zone}) * 1000000 + ${fraction})`
}
