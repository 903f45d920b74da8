import { useCallback, useEffect, useState, type SubmitEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { api } from '../api.ts'
import { toast } from '../state/toasts.ts'
import { useTask } from '../use-task.ts'
import { Field, submitByKey } from '../views/text-fields.tsx'
import { Failure } from './parts.tsx'

const linesOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((it) => it.trim())
    .filter((it) => it !== '')

/** Which sites may show players of public shares in their pages. */
export function EmbeddingPage() {
  const [saved, setSaved] = useState<string | null>(null)
  const [text, setText] = useState('')
  const { isBusy, failure, run } = useTask()
  const take = useCallback((origins: readonly string[]): void => {
    setSaved(origins.join('\n'))
    setText(origins.join('\n'))
  }, [])
  useEffect(() => {
    void run(async () => take((await api.settings.get()).embed.origins))
  }, [run, take])
  const save = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void run(async () => {
      const { embed } = await api.settings.update({ embed: { origins: linesOf(text) } })
      take(embed.origins)
      const all = embed.origins.length === 0
      toast(all ? 'Saved. Any site may embed.' : 'Saved. Other sites cannot embed from now on.', {
        tone: 'ok',
      })
    })
  }
  return (
    <form className="stack" aria-label="Embedding" onSubmit={save} onKeyDown={submitByKey}>
      <p className="t2">
        The player of a public share can stand in pages of other sites. Private shares never do.
      </p>
      <Field
        label="Sites that may embed"
        rows={4}
        value={text}
        onChange={setText}
        placeholder="https://blog.example"
        hint="One a line, with https:// before it. Leave it empty and any site may."
      />
      <Failure text={failure} />
      <div className="set-box__acts">
        <Button
          look="primary"
          type="submit"
          isBusy={isBusy}
          isDisabled={saved === null || linesOf(text).join('\n') === saved}
        >
          Save
        </Button>
      </div>
    </form>
  )
}
