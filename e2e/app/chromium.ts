import { existsSync } from 'node:fs'
import { chromium, type LaunchOptions } from '@playwright/test'
import type { Availability } from '../kafka/availability.ts'

const candidates = [process.env.UNDERCURRENT_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()]

/** A Chromium of this machine: the one that the environment names, the system's, or Playwright's own. */
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path))

/** Whether journeys through a browser can run here. */
export const chromiumAvailability: Availability = chromiumPath === undefined ? { available: false, reason: 'no Chromium: install one, or name it in UNDERCURRENT_CHROMIUM' } : { available: true, how: chromiumPath }

/** How the tests start it. Inside a container there is neither a sandbox for root nor a graphics card. */
export const chromiumOptions: LaunchOptions = { ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] }
