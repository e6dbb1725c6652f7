import { describe, expect, it } from 'vitest'
import { isOwn } from './origin.ts'

describe('the origin of the app', () => {
  it.each(['app://undercurrent', 'app://undercurrent/', 'app://undercurrent/index.html?a=1#/live'])('is that of %s', (url) => expect(isOwn(url)).toBe(true))

  it.each([
    '', 'undercurrent', 'https://undercurrent/', 'http://app//undercurrent', 'app://undercurrent.example/', 'app://undercurrent@example.com/', 'app://user@undercurrent/',
    'app://other/', 'app:/undercurrent', 'app:undercurrent', 'app://undercurrent:80/', 'file:///app://undercurrent/', 'javascript:app://undercurrent/', 'data:text/html,app://undercurrent/', 'about:blank',
  ])('is not that of %j', (url) => expect(isOwn(url)).toBe(false))
})
