import protobuf from 'protobufjs'
import type { PayloadReader } from './avro.ts'
import { toJsonText } from './json-text.ts'
import { ExactReader } from './protobuf-wire.ts'
import { showWellKnownTypes } from './protobuf-well-known.ts'

/**
 * Makes a reader for a Protobuf schema in Confluent's framing: the payload begins with the path of the message's type in
 * its file. Fields keep the names of the schema, 64-bit integers their digits, enums are names, bytes base64; fields
 * that are not on the wire have their defaults. Well-known types are shown as in {@link showWellKnownTypes}.
 *
 * @param references imported files by the name under which they are imported
 */
export function protobufReader(schema: string, references: readonly { readonly name: string; readonly schema: string }[]): PayloadReader {
  const options = { keepCase: true }
  const root = new protobuf.Root()
  for (const file of ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers']) {
    const known = protobuf.common.get(`google/protobuf/${file}.proto`)
    if (known?.nested !== undefined) root.addJSON(known.nested)
  }
  for (const reference of references) if (!reference.name.startsWith('google/protobuf/')) protobuf.parse(reference.schema, root, options)
  const parsed = protobuf.parse(schema, root, options)
  root.resolveAll()
  showWellKnownTypes(root)
  // the order of messages in this file alone, without what the imports define
  const own = protobuf.parse(schema, new protobuf.Root(), options)
  const ownNamespace = own.package === undefined ? own.root : (own.root.lookup(own.package) as protobuf.Namespace)
  return (payload) => {
    const reader = new ExactReader(payload)
    const type = root.lookupType(typeName(ownNamespace, readIndexes(reader), parsed.package))
    return toJsonText(type.toObject(type.decode(reader), { enums: String, bytes: String, defaults: true, arrays: true, objects: true }))
  }
}

/** The path of indexes as zigzag numbers behind their count; a lone 0 stands for the first message of the file. */
function readIndexes(reader: protobuf.Reader): readonly number[] {
  const count = reader.sint32()
  if (count === 0) return [0]
  if (count < 0 || count > 100) throw new RangeError(`a message type lies ${count} levels deep`)
  return Array.from({ length: count }, () => reader.sint32())
}

function typeName(file: protobuf.NamespaceBase, indexes: readonly number[], packageName: string | undefined): string {
  let at: protobuf.NamespaceBase = file
  const names: string[] = packageName === undefined ? [] : [packageName]
  for (const index of indexes) {
    const type: protobuf.Type | undefined = at.nestedArray.filter((nested) => nested instanceof protobuf.Type)[index]
    if (type === undefined) throw new RangeError(`the schema has no message type number ${indexes.join('.')}`)
    names.push(type.name)
    at = type
  }
  return `.${names.join('.')}`
}
