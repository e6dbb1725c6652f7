import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { style, styleHash } from './style.ts'

it('is what the policy inside of a report allows', () => {
  expect(styleHash).toBe(`sha256-${createHash('sha256').update(style).digest('base64')}`)
})
