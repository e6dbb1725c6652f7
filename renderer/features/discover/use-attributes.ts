import { useCall } from '../../api/use-call.ts'

/** The attributes that the sources of the workspace name. */
export function useAttributes(): readonly string[] {
  const { data } = useCall('sources.list', {})
  return [...new Set((data ?? []).flatMap(({ mapping }) => mapping.attributes.map(({ name }) => name)))]
}
