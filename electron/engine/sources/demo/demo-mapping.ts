import type { Mapping } from '../../../../shared/model/mapping.ts'

/** How the demo shop's events are mapped: the fields of its planted behaviors are attributes. */
export const demoMapping: Mapping = {
  key: '$key',
  type: 'type',
  time: 'time',
  timeFormat: 'iso',
  attributes: [
    ...(['user', 'session', 'item', 'category', 'path', 'utm_source', 'element', 'cart', 'campaign', 'device', 'country', 'service', 'code'] as const).map((name) => ({ name, path: name, type: 'text' as const })),
    ...(['price', 'amount'] as const).map((name) => ({ name, path: name, type: 'number' as const })),
  ],
}
