import './components/app'
