import './app/app'
