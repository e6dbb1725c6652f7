import type { Source, SourceSink } from '../source.ts'

/** A row as it will be stored: its bytes, and why it is no event where it could not be read. */
export interface SourceRow {
  readonly payload: Buffer
  /** Set for a row that did not fit its file; it becomes a dead letter with this sentence. */
  readonly problem?: string
}

/** What an import reads. */
export interface FileRun {
  readonly partition: number
  /** Rows from the one at this place on. */
  readonly rows: (first: number, signal: AbortSignal) => AsyncIterable<readonly SourceRow[]>
  /** The first row that is not stored yet; asked for when the run starts. */
  readonly first: () => Promise<bigint>
  /** About how many rows there are, where that is known. */
  readonly total: number | undefined
  /** When the file was last written: stands for the broker's time. Epoch milliseconds. */
  readonly writtenAt: number
}

/** Reads a file into the pipeline, a row an event. Its place in the file is its offset. */
export class FileSource implements Source {
  private readonly options: FileRun

  constructor(options: FileRun) {
    this.options = options
  }

  async run(sink: SourceSink, signal: AbortSignal): Promise<void> {
    const { partition, rows, total, writtenAt } = this.options
    let offset = Number(await this.options.first())
    if (total !== undefined) sink.notice({ kind: 'total', total: Math.max(0, total - offset) })
    sink.notice({ kind: 'reading' })
    for await (const part of rows(offset, signal)) {
      if (part.length === 0) continue
      const first = offset
      await sink.collect((builder) => {
        for (const { payload, problem } of part) {
          // an empty line has a place and no event
          if (payload.length > 0) builder.add(partition, offset, writtenAt * 1000, null, payload, null)
          if (problem !== undefined) builder.markProblem(problem)
          offset++
        }
        builder.cover(partition, BigInt(first), BigInt(offset))
      })
    }
  }
}
