import '../ui/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/moment.css'
import './styles/page.css'
import './styles/preparing.css'
import './styles/messages.css'
import './styles/forms.css'
import './styles/audio.css'
import './styles/layouts.css'
import './styles/narrow.css'
import { FACTS_ELEMENT_ID, type ShareFacts } from '../../shared/share-facts.ts'
import { openShareView } from './share-view.ts'

const facts = document.getElementById(FACTS_ELEMENT_ID)
const place = document.getElementById('player')
if (facts && place) openShareView(JSON.parse(facts.textContent) as ShareFacts, place)
