import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Availability } from '../kafka/availability.ts'

/** Mounts a file system in memory at a new folder, with the options of `mount`. */
export function mountDisk(options: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'undercurrent-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return folder
}

/** Takes it away again. */
export function unmountDisk(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'pipe' })
  rmSync(folder, { recursive: true, force: true })
}

/** Whether file systems can be mounted here. */
export const smallDisk = probe()

function probe(): Availability {
  try {
    unmountDisk(mountDisk('size=64k'))
    return { available: true, how: 'tmpfs' }
  } catch {
    return { available: false, reason: 'no right to mount a small file system' }
  }
}
