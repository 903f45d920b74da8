/** Matinee's mark: a sun that is also a stage. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" aria-hidden="true">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M10 2a8 8 0 0 1 8 8v.5H2V10a8 8 0 0 1 8-8Zm-1.9 3.6v4.1l3.7-2.05Z"
      />
      <path fill="currentColor" d="M4 12.5h12v1.5H4zM6.5 16h7v1.5h-7z" />
    </svg>
  )
}
