import { IconBolt, IconBulb, IconDatabaseSearch, IconFileAnalytics, IconHelpHexagon, IconLayoutRows, IconPlugConnected, IconRoute2, IconTimelineEvent, type Icon } from '@tabler/icons-react'

/** The screens that the navigation leads to, in its order. `keys` goes there from anywhere. */
export const screens: readonly { readonly path: '/connect' | '/live' | '/timelines' | '/sequences' | '/behaviors' | '/discover' | '/why' | '/reports' | '/sql'; readonly name: string; readonly icon: Icon; readonly keys: string; readonly about: string }[] = [
  { path: '/connect', name: 'Connect', icon: IconPlugConnected, keys: 'alt+1', about: 'Tail a Kafka topic or import a file' },
  { path: '/live', name: 'Live', icon: IconBolt, keys: 'alt+2', about: 'What comes in, and how' },
  { path: '/timelines', name: 'Timelines', icon: IconTimelineEvent, keys: 'alt+3', about: 'Any user, any moment, every event' },
  { path: '/sequences', name: 'Sequences', icon: IconLayoutRows, keys: 'alt+4', about: 'Many users under each other' },
  { path: '/behaviors', name: 'Behaviors', icon: IconRoute2, keys: 'alt+5', about: 'What people do, how often, and where it breaks off' },
  { path: '/discover', name: 'Discover', icon: IconBulb, keys: 'alt+6', about: 'What nobody has asked for: common sequences, what is undone, what comes back, paths' },
  { path: '/why', name: 'Why', icon: IconHelpHexagon, keys: 'alt+7', about: 'What distinguishes those who do it from those who had the chance' },
  { path: '/reports', name: 'Reports', icon: IconFileAnalytics, keys: 'alt+8', about: 'Documents that prove themselves, for people who never open the app' },
  { path: '/sql', name: 'SQL', icon: IconDatabaseSearch, keys: 'alt+9', about: 'Ask the filtered events anything' },
]

/** The screens that a view can be shared of: all but the one that holds paths and addresses of this machine. */
export const sharedRoutes: readonly string[] = screens.map(({ path }) => path).filter((path) => path !== '/connect')
