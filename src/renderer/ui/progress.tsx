/** A bar that shows how far something is, 0..1; without a value it only says that something is going on. */
export function ProgressBar({ label, value, text }: { label: string; value?: number; text?: string }) {
  const percent = value === undefined ? undefined : Math.round(value * 100)
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { 'aria-valuenow': percent })}
      {...(text === undefined ? {} : { 'aria-valuetext': text })}
    >
      <i
        className={percent === undefined ? 'bar__fill bar__fill--unknown' : 'bar__fill'}
        style={{ transform: `scaleX(${value ?? 1})` }}
      />
    </div>
  )
}
