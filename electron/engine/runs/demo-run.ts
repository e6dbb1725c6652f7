import type { CallInput } from '../../../shared/contract/calls.ts'
import { AppError } from '../../../shared/errors.ts'
import type { PlantedTruth } from '../../../shared/model/planted-truth.ts'
import { createDecoder } from '../decode/decode.ts'
import { DemoShop } from '../sources/demo/demo-shop.ts'
import { demoMapping } from '../sources/demo/demo-mapping.ts'
import { DemoSource, skipTo } from '../sources/demo/demo-source.ts'
import type { StoredSource } from '../store/sources.ts'
import type { Store } from '../store/store.ts'
import { changeWorkspaceFile, readWorkspaceFile, type WorkspaceFile } from '../workspace-file.ts'
import { decodeBatch } from './decode-batch.ts'
import { defaultLatenessMs } from './kafka-tails.ts'
import type { Runs } from './runs.ts'

type Shop = NonNullable<WorkspaceFile['demo']>

/** The name of the demo's source. */
const demoName = 'demo-shop'

/** Runs the workspace's demo shop. Its options are kept in workspace.json, so that it goes on where it was. */
export class DemoRun {
  private readonly workspace: string
  private readonly store: Store
  private readonly runs: Runs

  constructor(workspace: string, store: Store, runs: Runs) {
    this.workspace = workspace
    this.store = store
    this.runs = runs
  }

  /** Opens the shop, or goes on with the one that is there, up to now. @returns the source's name */
  async start(input: CallInput<'demo.start'>): Promise<string> {
    this.runs.ensureFree(demoName)
    await this.runs.reserve([demoName], 'started', () => this.begin(input))
    return demoName
  }

  private async begin(input: CallInput<'demo.start'>): Promise<void> {
    const until = Date.now()
    const shop = await this.shop({ seed: input.seed, from: startOfHour(until - input.days * 86_400_000), eventsPerDay: input.eventsPerDay })
    const source = this.store.findSource(demoName) ?? (await this.store.addSource({ name: demoName, kind: 'demo', topic: demoName, format: 'json', mapping: demoMapping, latenessMs: defaultLatenessMs }))
    const decoder = createDecoder({ format: 'json', registry: undefined })
    const reader = new DemoSource({ shop: new DemoShop(shop), first: () => this.next(source), until, live: input.live })
    this.runs.start(source, reader, (batch, signal) => decodeBatch(decoder, batch, signal))
  }

  /** What is planted in the events that are stored, counted by the shop's own books. */
  async truth(): Promise<PlantedTruth[]> {
    const { demo } = await readWorkspaceFile(this.workspace)
    const source = this.store.findSource(demoName)
    if (demo === undefined || source === undefined) throw new AppError('NOT_FOUND', 'This workspace has no demo shop.', { hint: 'Open one with `undercurrent demo`.' })
    const shop = new DemoShop(demo)
    await skipTo(shop, Number(await this.next(source)), new AbortController().signal)
    return shop.truth(source.latenessMs)
  }

  private async next(source: StoredSource): Promise<bigint> {
    return (await this.store.partitionStates(source)).get(0)?.ranges.at(-1)?.next ?? 0n
  }

  private async shop(wanted: Shop): Promise<Shop> {
    const { demo = wanted } = await changeWorkspaceFile(this.workspace, (settings) => ({ ...settings, demo: settings.demo ?? wanted }))
    return demo
  }
}

function startOfHour(time: number): number {
  return Math.floor(time / 3_600_000) * 3_600_000
}
