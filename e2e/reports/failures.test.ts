import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openEngine, type Engine } from '../../electron/engine/engine.ts'
import { AppError } from '../../shared/errors.ts'
import { ExportFormat } from '../../shared/report/export.ts'
import { ReportRequest } from '../../shared/report/model.ts'
import { chromiumAvailability } from '../app/chromium.ts'
import { describeIf } from '../kafka/describe-if.ts'
import { everyEvent, fillViews } from './many-matches.ts'
import { mountDisk, smallDisk, unmountDisk } from './small-disk.ts'

/** Enough that each file is larger than the disk, and that an export can be cancelled on its way. */
const matches = 30_000
const formats = ExportFormat.options.filter((format) => (format !== 'pdf' && format !== 'png') || chromiumAvailability.available)

describe('an export that fails', () => {
  let folder = ''
  let engine: Engine
  const request = ReportRequest.parse({ text: everyEvent, title: 'Looked', sections: ['definition', 'trend', 'examples', 'data'], examples: 50 })

  /** What an export ends with: the error that a person would be told. */
  async function fail(wanted: readonly ExportFormat[], target: string, signal = new AbortController().signal): Promise<AppError> {
    try {
      await engine.calls['reports.export']({ request, formats: [...wanted], folder: target }, signal)
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
    throw new Error('it did not fail')
  }

  beforeAll(async () => {
    folder = await fillViews(matches)
    engine = await openEngine({ workspace: join(folder, 'W') })
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('says that the folder is none, before anything is counted', async () => {
    const file = join(folder, 'a file')
    writeFileSync(file, 'what stands here stays')
    for (const target of [file, join(file, 'inside', 'further')]) {
      const { code, message, hint } = await fail(formats, target)
      expect({ code, message, hint }).toEqual({ code: 'FILE_UNWRITABLE', message: `The way to ${target} is not there, or is no folder.`, hint: expect.stringContaining('Nothing was left under its name') as string })
    }
    expect(readFileSync(file, 'utf8')).toBe('what stands here stays')
  })

  it('says that the name is taken by a folder, and leaves no other file', async () => {
    const target = join(folder, 'taken')
    mkdirSync(join(target, 'looked.html'), { recursive: true })
    expect(await fail(['html'], target)).toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(readdirSync(target)).toEqual(['looked.html'])
  })

  it.each(['csv', 'ndjson', 'cloudevents', 'parquet', ...(chromiumAvailability.available ? ['pdf' as const] : [])] as const)('leaves nothing when it is cancelled while it writes %s, and the file that was there before', async (format) => {
    const target = join(folder, `cancelled ${format}`)
    const temporary = join(folder, `t-${format}`)
    mkdirSync(target)
    mkdirSync(temporary)
    const name = format === 'pdf' ? 'looked.pdf' : `looked.matches.${format === 'cloudevents' ? 'cloudevents.ndjson' : format}`
    writeFileSync(join(target, name), 'from yesterday')
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = temporary
    const cancelling = new AbortController()
    const stop = engine.subscribe((event, value) => {
      if (event !== 'job.progress') return
      const { done } = value as { readonly done: number }
      // at 800 all is counted, and writing begins; text says how far it is, the others do not
      if (format === 'pdf' || format === 'parquet') {
        if (done >= 800) setTimeout(() => cancelling.abort(), format === 'pdf' ? 200 : 10)
      } else if (done > 800) cancelling.abort()
    })
    try {
      expect(await fail([format], target, cancelling.signal)).toMatchObject({ code: 'CANCELLED' })
    } finally {
      stop()
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
    expect(readdirSync(target)).toEqual([name])
    expect(readFileSync(join(target, name), 'utf8')).toBe('from yesterday')
    expect(readdirSync(temporary)).toEqual([])
  })

  describeIf(smallDisk, 'for want of room or right', () => {
    let disk = ''
    beforeEach(() => {
      disk = ''
    })
    afterEach(() => unmountDisk(disk))

    it.each(formats)('says that the disk is full, as %s, and leaves nothing half', async (format) => {
      disk = mountDisk('size=16k')
      const { code, message } = await fail([format], disk)
      expect({ code, message }).toEqual({ code: 'FILE_UNWRITABLE', message: expect.stringMatching(/^There is no room for .*looked.*\.$/) as string })
      const left = readdirSync(disk)
      // charts are files of their own: those that were there before are whole
      if (format === 'figures' || format === 'png') expect(left.filter((name) => name.startsWith('.') || name.endsWith('.part'))).toEqual([])
      else expect(left).toEqual([])
    })

    it('says that the folder may not be written, before anything is counted', async () => {
      disk = mountDisk('size=64k,ro')
      for (const target of [disk, join(disk, 'new', 'further')]) expect(await fail(formats, target)).toMatchObject({ code: 'FILE_UNWRITABLE', message: `${target} may not be written.` })
    })
  })
})
