import { Fragment, type ReactNode } from 'react'
import { safeText } from '../../ui/safe-text.ts'
import { useTypes } from '../../view/use-types.ts'
import classes from './discover.module.css'

/** Types of event one after the other, each in the color that it has everywhere. */
export function TypeChips({ types, arrow = '→', more }: { readonly types: readonly string[]; readonly arrow?: string; /** Said after the last, such as that it ends there. */ readonly more?: string | undefined }): ReactNode {
  const { color } = useTypes()
  return (
    <span className={classes.chips}>
      {types.map((type, index) => (
        <Fragment key={index}>
          {index > 0 && <span className={classes.arrow}>{arrow}</span>}
          <span className={classes.chip}><i style={{ background: color(type) }} /><bdi>{safeText(type, 60)}</bdi></span>
        </Fragment>
      ))}
      {more !== undefined && <span className={classes.arrow}>{more}</span>}
    </span>
  )
}
