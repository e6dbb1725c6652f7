import protobuf from 'protobufjs'

/**
 * Reads Protobuf's wire format where protobufjs itself would lose something. It ends a text that goes on behind the end of
 * the payload there without a word; and it gives 64-bit integers as objects, which as keys of a map become unreadable.
 */
export class ExactReader extends protobuf.BufferReader {
  override string(): string {
    const start = this.pos
    const length = this.uint32()
    if (length > this.len - this.pos) throw new RangeError('a text goes on behind the end of the payload')
    this.pos = start
    return super.string()
  }

  override int64(): never {
    return exact(super.int64())
  }

  override uint64(): never {
    return exact(super.uint64())
  }

  override sint64(): never {
    return exact(super.sint64())
  }

  override fixed64(): never {
    return exact(super.fixed64())
  }

  override sfixed64(): never {
    return exact(super.sfixed64())
  }
}

/** A bigint, which protobufjs hands on as it is, though its types do not know it. */
function exact(value: { toString(): string }): never {
  return BigInt(value.toString()) as never
}
