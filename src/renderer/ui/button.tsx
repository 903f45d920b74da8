import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  Focusable,
  Tooltip,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
} from 'react-aria-components'

/** One `primary` a screen; `quiet` for what stands beside content; `danger` for what takes something away. */
export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'

type Common = Omit<AriaButtonProps, 'className' | 'children' | 'style'> & { className?: string }

type ButtonProps = Common & {
  children: ReactNode
  look?: ButtonLook
  size?: 's' | 'm' | 'l'
  icon?: LucideIcon
  /** It is at it; a second press does nothing. */
  isBusy?: boolean
}

const classes = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ')

/** A button with words. */
export function Button({
  look = 'plain',
  size = 'm',
  icon: Icon,
  isBusy = false,
  className,
  children,
  onPress,
  ...props
}: ButtonProps) {
  const name = classes('btn', look !== 'plain' && `btn--${look}`, size !== 'm' && `btn--${size}`, className)
  return (
    <AriaButton
      {...props}
      {...(onPress && !isBusy ? { onPress } : {})}
      {...(isBusy ? { 'aria-busy': true, 'data-busy': '' } : {})}
      className={name}
    >
      {Icon && <Icon className="icon" aria-hidden />}
      {children}
    </AriaButton>
  )
}

type IconButtonProps = Common & {
  /** Its name, also shown beside it after a moment. */
  label: string
  icon: LucideIcon
  size?: 's' | 'm' | 'l'
  /** Keys that do the same, for the tooltip. */
  keys?: string
  tone?: 'ok'
  pressed?: boolean
}

/** A button of one icon. Its name shows as a tooltip. */
export function IconButton({
  label,
  icon: Icon,
  size = 'm',
  keys,
  tone,
  pressed,
  className,
  ...props
}: IconButtonProps) {
  const name = classes('icon-btn', size !== 'm' && `icon-btn--${size}`, tone, className)
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      <AriaButton
        {...props}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        className={name}
      >
        <Icon className={classes('icon', size === 's' && 'icon--s', size === 'l' && 'icon--l')} aria-hidden />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {keys && <kbd className="kbd">{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  )
}

type LinkProps = {
  href: string
  label: string
  icon: LucideIcon
  size?: 's' | 'm'
  excludeFromTabOrder?: boolean
}

/** A link of one icon into a new tab. */
export function IconLink({ href, label, icon: Icon, size = 'm', excludeFromTabOrder = false }: LinkProps) {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      <Focusable excludeFromTabOrder={excludeFromTabOrder}>
        <a
          role="link"
          href={href}
          target="_blank"
          rel="noreferrer"
          aria-label={label}
          className={classes('icon-btn', size === 's' && 'icon-btn--s')}
        >
          <Icon className={classes('icon', size === 's' && 'icon--s')} aria-hidden />
        </a>
      </Focusable>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  )
}
